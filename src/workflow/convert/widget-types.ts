import type { JsonObject, JsonValue } from '../../protocol/json.ts'
import type { InputConfig } from '../../protocol/object-info.ts'

/** The widgets that the page makes by itself, by type, and what they hold until a person says otherwise. */
const initialValues: Readonly<Record<string, (input: InputConfig) => JsonValue | undefined>> = {
  INT: () => 0,
  FLOAT: () => 0,
  STRING: () => '',
  MARKDOWN: () => '',
  TEXTAREA: () => '',
  BOOLEAN: () => false,
  COMBO: ({ choices }) => choices?.[0],
  COLOR: () => '#000000',
  COLORS: () => [],
  BOUNDING_BOX: () => ({ x: 0, y: 0, width: 512, height: 512 }),
  BOUNDING_BOXES: () => [],
  CURVE: () => ({
    points: [
      [0, 0],
      [1, 1],
    ],
    interpolation: 'monotone_cubic',
  }),
  PAINTER: () => '',
  COMPOSITOR: () => ({}),
  IMAGECOMPARE: () => ['', ''],
  LOAD_3D: () => '',
  WEBCAM: () => '',
  AUDIO_RECORD: () => '',
}

/** Whether an input has a widget: its value is then stored with the node. `forceInput` makes it a mere socket. */
export function hasWidget(input: InputConfig): boolean {
  return Object.hasOwn(initialValues, widgetType(input)) && input.options.forceInput !== true
}

/** The type of an input's widget: `widgetType` overrides the type of what is linked. */
export function widgetType({ type, options }: InputConfig): string {
  return typeof options.widgetType === 'string' ? options.widgetType : type
}

/** What a widget holds until a person says otherwise. Undefined for a COMBO without choices. */
export function initialValue(input: InputConfig): JsonValue | undefined {
  return input.options.default ?? initialValues[widgetType(input)]?.(input)
}

/** How many places a widget takes in `widgets_values` after its own: those of the widgets that come with it. */
export function companions(input: InputConfig): number {
  switch (widgetType(input)) {
    case 'INT':
      return hasControl(input) ? 1 : 0
    case 'FLOAT':
      return isControl(input.options) ? 1 : 0
    // The second one filters the choices that are stepped through.
    case 'COMBO':
      return isControl(input.options) ? 2 : 0
    case 'BOUNDING_BOX':
      return 4
    default:
      return 0
  }
}

/** Without a word from the server, seeds alone are changed after a run; those inside a dynamic COMBO are not. */
function hasControl({ name, options }: InputConfig): boolean {
  if (options.control_after_generate === undefined) return name === 'seed' || name === 'noise_seed'
  return isControl(options)
}

/** `true`, or the mode that it starts in. */
function isControl({ control_after_generate: control }: JsonObject): boolean {
  return control === true || typeof control === 'string'
}
