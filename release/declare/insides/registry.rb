check_key_pair.call('registry.tls')

store = given.call('registry.store')
if store.is_a?(Hash)
  case store['type']
  when 'file'
    problems << 'registry.store.path must be an absolute path' unless store['path'].to_s.start_with?('/')
  when 'postgres'
    problems << 'registry.store.url must be a postgres:// URL' unless store['url'].to_s =~ /\Apostgres(ql)?:\/\/\S+\z/
    problems << 'registry.store.tls.ca must be certificates in PEM form that are whole' unless !store['tls'].is_a?(Hash) || whole_certificates.call(store['tls']['ca'])
  when 'memory'
  else
    problems << 'registry.store.type must be "file", "postgres" or "memory"'
  end
end
