# What templates see, by who renders them: a Director (EvaluationContext of bosh-common) or
# `bosh create-env` (erb_renderer.rb of bosh-cli). Both show a job the properties alone that its spec
# declares, with the defaults that stand there.
require 'erb'
require 'json'
require 'yaml'
require 'ostruct'

class NoSuchProperty < StandardError
  def initialize(names)
    super("Can't find property '#{names.join("', or '")}'")
  end
end

class Met
  def else; end

  def else_if_p(*)
    self
  end

  alias else_if_link else_if_p
end

class Unmet
  def initialize(context)
    @context = context
  end

  def else
    yield
  end

  def else_if_p(*names, &block)
    @context.if_p(*names, &block)
  end
end

class Context
  attr_reader :name, :index, :properties, :raw_properties, :spec

  def initialize(job, given, defaults)
    @name = job
    @index = 0
    @raw_properties = declared(given, defaults)
    @properties = opened(@raw_properties)
    @spec = opened('index' => 0, 'name' => job, 'bootstrap' => true, 'az' => az, 'networks' => networks)
  end

  def p(names, *default)
    names = Array(names)
    found = names.map { |one| at(@raw_properties, one) }.find { |value| !value.nil? }
    return found unless found.nil?
    raise NoSuchProperty.new(names) if default.empty?

    default.first
  end

  def if_p(*names)
    values = names.map { |one| at(@raw_properties, one) }
    return Unmet.new(self) if values.any?(&:nil?)

    yield(*values)
    Met.new
  end

  def own_binding
    binding
  end

  private

  def at(collection, name)
    name.split('.').reduce(collection) { |inner, key| inner.nil? ? nil : inner[key] }
  end

  def declared(given, defaults)
    defaults.each_with_object({}) do |(name, default), seen|
      value = at(given, name)
      *path, last = name.split('.')
      path.reduce(seen) { |inner, key| inner[key] ||= {} }[last] = value.nil? ? default : value
    end
  end

  def opened(value)
    case value
    when Hash then OpenStruct.new(value.transform_values { |inner| opened(inner) })
    when Array then value.map { |inner| opened(inner) }
    else value
    end
  end
end

class DirectorContext < Context
  def if_link(*)
    Unmet.new(self)
  end

  def link(name)
    raise "Can't find link '#{name}'"
  end

  def az
    'z1'
  end

  def networks
    { 'default' => { 'ip' => '10.0.0.6' } }
  end
end

# It knows no links, and the VM's address neither.
class CommandLineContext < Context
  def if_link(*)
    false
  end

  def az
    'unknown'
  end

  def networks
    { 'default' => { 'ip' => '' } }
  end
end

# Request and answer are JSON in base64, so that no text is taken for Ruby.
def render(request)
  job, template, given, defaults, renderer = JSON.parse(request.unpack1('m').force_encoding('UTF-8'))
                                                 .values_at('job', 'template', 'given', 'defaults', 'renderer')
  context = (renderer == 'director' ? DirectorContext : CommandLineContext).new(job, given, defaults)
  erb = ERB.new(template, trim_mode: '-')
  answer = begin
    { 'text' => erb.result(context.own_binding) }
  rescue StandardError => e
    { 'failure' => e.message }
  end
  [JSON.generate(answer)].pack('m0')
end
