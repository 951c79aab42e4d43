refuse_empty.call('stemcell_server.host', 'stemcell_server.port', 'stemcell_server.tls', 'stemcell_server.directory')
check_key_pair.call('stemcell_server.tls')
check_users.call('stemcell_server.additional_users')

directory = given.call('stemcell_server.directory')
unless directory.nil? || is_own_folder.call(directory)
  problems << 'stemcell_server.directory must be a folder of its own below /var/vcap/store or /var/vcap/data'
end
