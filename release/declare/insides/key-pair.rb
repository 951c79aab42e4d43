whole_certificates = lambda do |text|
  text.to_s.include?('BEGIN CERTIFICATE') && readable.call(text)
end

# With what a server serves TLS.
check_key_pair = lambda do |key|
  tls = given.call(key)
  next unless tls.is_a?(Hash)

  problems << "#{key}.certificate must be a certificate in PEM form that is whole" unless whole_certificates.call(tls['certificate'])
  problems << "#{key}.private_key must be a private key in PEM form" unless tls['private_key'].to_s.include?('PRIVATE KEY-----')
end
