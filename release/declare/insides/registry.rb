refuse_empty.call('registry.host', 'registry.port', 'registry.tls', 'registry.store')
check_key_pair.call('registry.tls')
check_users.call('registry.additional_users')

store = given.call('registry.store')
if store.is_a?(Hash)
  case store['type']
  when 'file'
    path = store['path']
    problems << 'registry.store.path must be a file in a folder of its own below /var/vcap/store' unless is_own_folder.call(path) && is_own_folder.call(File.dirname(path))
  when 'postgres'
    url, tls = store.values_at('url', 'tls')
    problems << 'registry.store.url must be a postgres:// URL' unless url.to_s =~ /\Apostgres(ql)?:\/\/\S+\z/
    problems << 'registry.store.url must say nothing of TLS: registry.store.tls does' if url.to_s =~ /[?&](ssl\w*|uselibpqcompat)(=|&|\z)/
    problems << 'registry.store.tls must be true, false or an object of ca' unless [nil, true, false].include?(tls) || tls.is_a?(Hash)
    problems << 'registry.store.tls.ca must be certificates in PEM form that are whole' unless !tls.is_a?(Hash) || whole_certificates.call(tls['ca'])
  when 'memory'
  else
    problems << 'registry.store.type must be "file", "postgres" or "memory"'
  end
end
