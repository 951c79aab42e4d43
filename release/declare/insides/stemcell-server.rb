tls = given.call('stemcell_server.tls')
if tls.is_a?(Hash)
  problems << 'stemcell_server.tls.certificate must be a certificate in PEM form that is whole' unless tls['certificate'].to_s.include?('BEGIN CERTIFICATE') && readable.call(tls['certificate'])
  problems << 'stemcell_server.tls.private_key must be a private key in PEM form' unless tls['private_key'].to_s.include?('PRIVATE KEY-----')
end

directory = given.call('stemcell_server.directory')
problems << 'stemcell_server.directory must be an absolute path' if directory.is_a?(String) && !directory.start_with?('/')
