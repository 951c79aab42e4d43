tls = given.call('registry.tls')
if tls.is_a?(Hash)
  problems << 'registry.tls.certificate must be a certificate in PEM form that is whole' unless tls['certificate'].to_s.include?('BEGIN CERTIFICATE') && readable.call(tls['certificate'])
  problems << 'registry.tls.private_key must be a private key in PEM form' unless tls['private_key'].to_s.include?('PRIVATE KEY-----')
end

store = given.call('registry.store')
if store.is_a?(Hash)
  case store['type']
  when 'file'
    problems << 'registry.store.path must be an absolute path' unless store['path'].to_s.start_with?('/')
  when 'postgres'
    problems << 'registry.store.url must be a postgres:// URL' unless store['url'].to_s =~ /\Apostgres(ql)?:\/\/\S+\z/
    ca = store['tls'].is_a?(Hash) ? store['tls']['ca'].to_s : nil
    problems << 'registry.store.tls.ca must be certificates in PEM form that are whole' unless ca.nil? || (ca.include?('BEGIN CERTIFICATE') && readable.call(ca))
  when 'memory'
  else
    problems << 'registry.store.type must be "file", "postgres" or "memory"'
  end
end
