import type { NodeClass, ObjectInfo } from '../../../src/protocol/object-info.ts'

function nodeClass(
  name: string,
  input: NodeClass['input'],
  output: readonly string[],
  isOutput = false,
): NodeClass {
  return { name, input, output, output_node: isOutput }
}

/** A few classes as a server describes them, with names that tell nothing. */
export const nodeClasses: ObjectInfo = {
  CLIPTextEncode: nodeClass('CLIPTextEncode', { required: { text: ['STRING', { multiline: true }] } }, [
    'CONDITIONING',
  ]),
  OddEncoder: nodeClass(
    'OddEncoder',
    {
      required: {
        words: ['STRING', { multiline: true }],
        system_words: ['STRING', { multiline: true }],
        size: ['INT', {}],
      },
    },
    ['CONDITIONING'],
  ),
  OddMixer: nodeClass('OddMixer', { required: { first: ['CONDITIONING'], amount: ['FLOAT'] } }, [
    'CONDITIONING',
  ]),
  OddPair: nodeClass('OddPair', {}, ['MODEL', 'CONDITIONING', 'CONDITIONING']),
  OddWriter: nodeClass('OddWriter', { required: { prompt: ['STRING'] } }, ['STRING']),
  OddPainter: nodeClass('OddPainter', { required: { prompt: ['STRING'] } }, ['IMAGE', 'STRING']),
  OddOutput: nodeClass('OddOutput', { required: { x: ['*'] } }, [], true),
  OddFile: nodeClass('OddFile', { required: { name: [['a.png'], { image_upload: true }] } }, [
    'IMAGE',
    'MASK',
  ]),
  OddMask: nodeClass('OddMask', { required: { name: [['a.png'], { image_upload: true }] } }, ['MASK']),
  PreviewText: nodeClass('PreviewText', { required: { x: ['*'] } }, [], false),
}
