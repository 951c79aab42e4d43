check_key_pair.call('stemcell_server.tls')

directory = given.call('stemcell_server.directory')
problems << 'stemcell_server.directory must be an absolute path' if directory.is_a?(String) && !directory.start_with?('/')
