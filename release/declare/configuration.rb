# Whether bytes are a DER sequence, of the length that it says itself.
is_whole = lambda do |der|
  tag, form, *rest = der.bytes.first(5)
  next false unless tag == 0x30 && (0x81..0x83).cover?(form)

  size = form - 0x80
  rest.length >= size && 2 + size + rest.first(size).reduce { |sum, octet| sum * 256 + octet } == der.bytesize
end

# Certificates whose text is whole.
readable = lambda do |text|
  bodies = text.scan(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+\/=\s]+)-----END CERTIFICATE-----/)
  bodies.length == text.scan('BEGIN CERTIFICATE').length && bodies.all? { |(body)| is_whole.call(body.unpack1('m')) }
end

fits = lambda do |value, form|
  case form['is']
  when 'text' then value.is_a?(String) && (form['pattern'].nil? || !Regexp.new(form['pattern']).match(value).nil?)
  when 'word' then form['words'].include?(value)
  when 'integer' then value.is_a?(Integer) && value.between?(form['min'], form['max'])
  when 'flag' then value == true || value == false
  when 'texts' then value.is_a?(Array) && value.all? { |one| one.is_a?(String) }
  when 'objects' then value.is_a?(Array) && value.all? { |one| one.is_a?(Hash) }
  when 'object' then value.is_a?(Hash)
  end
end

# What is set: an empty text is as good as nothing.
given = lambda do |key|
  value = p(key, nil)
  value == '' ? nil : value
end

# What a rule asks of a property, by whichever of its names it is set.
holds = lambda do |names, state|
  values = names.map { |name| p(name, nil) }
  value = values.find { |one| !one.nil? && one != '' }
  case state
  when 'set' then !value.nil?
  when 'unset' then value.nil?
  when 'absent' then values.all?(&:nil?)
  when 'left empty' then value.nil? && values.first == ''
  else
    pattern = state['like'] || state['unlike']
    next state['is'].include?(value) if pattern.nil?

    value.is_a?(String) && Regexp.new(pattern).match?(value) == state.key?('like')
  end
end

problems = []
configuration = {}
put = lambda do |key, value|
  *path, last = key.split('.')
  path.reduce(configuration) { |section, name| section[name] ||= {} }[last] = value
end

declared.each do |property|
  key = property['name']
  value = given.call(key)
  form = property['form']
  if value.nil?
    is_set = (property['older'] || []).any? { |older| !given.call(older).nil? }
    problems << "#{key} is missing: set it to #{property['expected']}" if property['required'] && !is_set
    # Left empty is another thing than left out.
    put.call(key, '') if p(key, nil) == ''
  elsif form && !fits.call(value, form)
    problems << "#{key} must be #{property['expected']}"
  elsif form && form['certificates'] && !readable.call(value)
    problems << "#{key} cannot be read: a certificate in it is cut off or damaged"
  elsif value != property['default']
    put.call(key, value)
  end
end

names_of = declared.to_h { |property| [property['name'], [property['name'], *property['older']]] }
rules.each do |rule|
  problems << rule['problem'] if rule['where'].all? { |name, state| holds.call(names_of[name], state) }
end
problems.uniq!
