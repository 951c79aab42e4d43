/** One setting: its type is that of its default. */
export interface SettingDeclaration<T extends string | number | boolean> {
  readonly default: T;
  readonly description: string;
}

export function setting<T extends string | number | boolean>(
  defaultValue: T,
  description: string,
): SettingDeclaration<T> {
  return { default: defaultValue, description };
}
