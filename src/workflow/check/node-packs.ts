/**
 * Packs of custom nodes by the names of their classes, from the packs' own READMEs and node lists: those that shared
 * workflows ask for most. Patterns, as packs mark their classes by a prefix or a suffix.
 */
const packs: readonly (readonly [pack: string, classes: RegExp])[] = [
  ['rgthree-comfy', / \(rgthree\)$/],
  ['ComfyUI-VideoHelperSuite', /^VHS_/],
  ['ComfyUI-Impact-Pack', /^(?:Impact|FaceDetailer|DetailerFor|SEGS|SAMLoader$|BboxDetector|ToDetailerPipe)/],
  ['ComfyUI-Impact-Subpack', /^UltralyticsDetectorProvider$/],
  ['ComfyUI-Inspire-Pack', / \/\/Inspire$/],
  ['ComfyUI_IPAdapter_plus', /^(?:IPAdapter|PrepImageForClipVision$)/],
  [
    'ComfyUI-KJNodes',
    /(?:KJ|KJv2)$|^(?:GetNode|SetNode|ImageConcanate|GetImageSizeAndCount|INTConstant|FloatConstant|StringConstant|StringConstantMultiline|GrowMaskWithBlur|WidgetToString|JoinStrings)$/,
  ],
  [
    'comfyui_controlnet_aux',
    /Preprocessor(?:_Provider_for_SEGS)?$|^(?:AIO_Preprocessor|ControlNetPreprocessorSelector)$/,
  ],
  ['ComfyUI-Advanced-ControlNet', /^ACN_/],
  ['ComfyUI-AnimateDiff-Evolved', /^ADE_/],
  ['ComfyUI_UltimateSDUpscale', /^UltimateSDUpscale/],
  ['ComfyUI-GGUF', /GGUF(?:Advanced)?$/],
  ['ComfyUI-Custom-Scripts', /\|pysssss$/],
  ['ComfyUI_Comfyroll_CustomNodes', /^CR /],
  ['ComfyUI-Easy-Use', /^easy /],
  ['ComfyUI_essentials', /^\w[\w ]*\+$/],
  [
    'efficiency-nodes-comfyui',
    /\(Efficient\)$|^(?:Efficient Loader|Eff\. Loader SDXL|LoRA Stacker|HighRes-Fix Script)$/,
  ],
  [
    'was-node-suite-comfyui',
    /^(?:Image|Text|Number|Mask|Image Resize|Text Multiline|Text Concatenate) (?:\w+ )*(?:\(WAS\)|Node)$|^Text (?:Multiline|Concatenate|String)$|^Image (?:Resize|Save|Blending Mode)$/,
  ],
  ['ComfyUI_LayerStyle', /^Layer(?:Utility|Mask|Color|Style|Filter): /],
  ['ComfyUI-Florence2', /^(?:DownloadAndLoad)?Florence2/],
  [
    'ComfyUI-segment-anything-2',
    /^(?:DownloadAndLoadSAM2Model|Sam2(?:AutoSegmentation|Segmentation|VideoSegmentation)\w*)$/,
  ],
  ['ComfyUI-WanVideoWrapper', /^WanVideo/],
  ['ComfyUI-HunyuanVideoWrapper', /^HyVideo/],
  ['ComfyUI-CogVideoXWrapper', /^(?:CogVideo|DownloadAndLoadCogVideo)/],
  ['ComfyUI-nunchaku', /^Nunchaku/],
  ['ComfyUI-SUPIR', /^SUPIR_/],
  ['ComfyUI-SeedVR2_VideoUpscaler', /^SeedVR2/],
  ['ComfyUI-Frame-Interpolation', / VFI$/],
  ['ComfyUI-ReActor', /^ReActor/],
  ['comfyui-tooling-nodes', /^ETN_/],
  ['ComfyUI-Crystools', /\[Crystools\]$/],
  ['ComfyUI-TeaCache', /^TeaCache$/],
]

/** The pack that brings a class, where that is known. */
export function packOf(classType: string): string | undefined {
  return packs.find(([, classes]) => classes.test(classType))?.[0]
}
