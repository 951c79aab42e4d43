together.call('cloudstack.account', 'cloudstack.domain_id')
exclusive.call('cloudstack.account', 'cloudstack.project_id')

proxy = given.call('cloudstack.proxy_host')
if proxy.is_a?(String)
  unless proxy =~ /\A[^\s:\/@]+\z/ || proxy =~ /\A\[?[0-9a-fA-F:]+\]?\z/
    problems << 'cloudstack.proxy_host is more than a host name or an address: its port goes into cloudstack.proxy_port, its user into cloudstack.proxy_user'
  end
  problems << 'cloudstack.proxy_port is missing: set it to the port of cloudstack.proxy_host' if p('cloudstack.proxy_port', nil) == ''
elsif given.call('cloudstack.proxy_user') || given.call('cloudstack.proxy_password')
  problems << 'cloudstack.proxy_host is missing: cloudstack.proxy_user and cloudstack.proxy_password are for a proxy'
end
%w[env.http_proxy env.https_proxy].each do |key|
  url = given.call(key)
  next unless url.is_a?(String)
  next if url =~ /\A([a-z]+:\/\/)?([^\s\/@]+@)?(\[[0-9a-fA-F:]+\]|[^\s:\/@]+):[0-9]+\/?\z/
  problems << "#{key} has no port: write it as http://proxy.example.com:3128"
end

# An endpoint may hold user and password. Templates of manifests leave the host empty rather than out.
addresses = %w[registry.host registry.endpoint cpi.registry.endpoint]
users = { 'username' => %w[registry.username registry.user cpi.registry.user],
          'password' => %w[registry.password cpi.registry.password] }
exclusive.call('registry.host', 'registry.endpoint')
if addresses.any? { |key| given.call(key) }
  inside = addresses.any? { |key| given.call(key).to_s =~ /\A[a-zA-Z]+:\/\/[^\s\/@:]+:[^\s\/@]+@/ }
  users.each do |part, keys|
    next if inside || keys.any? { |key| given.call(key) }
    problems << "registry.#{part} is missing: set it to that of a user of the registry"
  end
elsif users.values.all? { |keys| keys.any? { |key| given.call(key) } } && addresses.none? { |key| p(key, nil) == '' }
  problems << 'registry.host is missing: set it to the host name or address of the registry, or leave the section out'
else
  configuration.delete('registry')
  configuration.fetch('cpi', {}).delete('registry')
end

# What the ways of publishing a stemcell need.
publish = given.call('stemcell.publish')
needed = { 'webdav' => %w[url username password], 'create-env' => %w[host] }.fetch(publish, [])
needed.each do |part|
  next if given.call("stemcell_server.#{part}") || (part == 'host' && given.call('cpi.webdav_host'))
  problems << "stemcell_server.#{part} is missing: stemcell.publish #{publish} needs it"
end
if publish == 'create-env' && ['0.0.0.0', '::'].include?(given.call('stemcell_server.host')) && given.call('stemcell_server.public_url').nil?
  problems << 'stemcell_server.public_url is missing: CloudStack reaches nobody at stemcell_server.host'
end
