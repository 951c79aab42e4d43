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

check_users = lambda do |key|
  users = given.call(key)
  next unless users.is_a?(Array)

  users.grep(Hash).each_with_index do |user, at|
    name, password = user.values_at('username', 'password')
    problems << "#{key}: number #{at + 1} must have a username, a string without white space and colons" unless name.is_a?(String) && name.match?(/\A[^\s:]+\z/)
    problems << "#{key}: number #{at + 1} must have a password, a string without white space" unless password.is_a?(String) && password.match?(/\A\S+\z/)
  end
end

# What pre-start gives to the server alone, with all that is in it, and bpm lets it write to: the
# folders above are those of other jobs, too.
is_own_folder = lambda do |folder|
  folder.is_a?(String) && folder.match?(/\A\/var\/vcap\/(store|data)(\/(?!\.\.?(\/|\z))[^\/[:cntrl:]]+)+\z/)
end

# To the program an empty text is its default; to the templates around it, it is a host, a port or a path.
refuse_empty = lambda do |*keys|
  keys.each { |key| problems << "#{key} is empty: leave it out, or set it" if p(key, nil) == '' }
end
