/** The samplers of the real server, in its order. */
export const samplerNames = [
  'euler',
  'euler_cfg_pp',
  'euler_ancestral',
  'euler_ancestral_cfg_pp',
  'heun',
  'heunpp2',
  'exp_heun_2_x0',
  'exp_heun_2_x0_sde',
  'dpm_2',
  'dpm_2_ancestral',
  'lms',
  'dpm_fast',
  'dpm_adaptive',
  'dpmpp_2s_ancestral',
  'dpmpp_2s_ancestral_cfg_pp',
  'dpmpp_sde',
  'dpmpp_sde_gpu',
  'dpmpp_2m',
  'dpmpp_2m_cfg_pp',
  'dpmpp_2m_sde',
  'dpmpp_2m_sde_gpu',
  'dpmpp_2m_sde_heun',
  'dpmpp_2m_sde_heun_gpu',
  'dpmpp_3m_sde',
  'dpmpp_3m_sde_gpu',
  'ddpm',
  'lcm',
  'ipndm',
  'ipndm_v',
  'deis',
  'res_multistep',
  'res_multistep_cfg_pp',
  'res_multistep_ancestral',
  'res_multistep_ancestral_cfg_pp',
  'gradient_estimation',
  'gradient_estimation_cfg_pp',
  'er_sde',
  'seeds_2',
  'seeds_3',
  'sa_solver',
  'sa_solver_pece',
  'ddim',
  'uni_pc',
  'uni_pc_bh2',
] as const

/** The schedulers of the real server, in its order. */
export const schedulerNames = [
  'simple',
  'sgm_uniform',
  'karras',
  'exponential',
  'ddim_uniform',
  'beta',
  'normal',
  'linear_quadratic',
  'kl_optimal',
] as const

/** The ways to resample a picture. */
export const upscaleMethods = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] as const

/** Models that this server rehearses with: those that the workflows of comfy-run name. No such files exist here. */
export const checkpointNames = [
  'sdXL_v10VAEFix.safetensors',
  'sd3.5_large_fp8_scaled.safetensors',
  'sd_xl_base_1.0.safetensors',
  'sd_xl_refiner_1.0.safetensors',
  'v1-5-pruned-emaonly-fp16.safetensors',
] as const
export const diffusionModelNames = [
  'flux1-dev.safetensors',
  'flux1-schnell.safetensors',
  'qwen_image_edit_2509_fp8_e4m3fn.safetensors',
  'qwen_image_fp8_e4m3fn.safetensors',
  'wan2.1_t2v_1.3B_fp16.safetensors',
] as const
export const textEncoderNames = [
  'clip_g.safetensors',
  'clip_l.safetensors',
  'qwen_2.5_vl_7b_fp8_scaled.safetensors',
  't5xxl_fp16.safetensors',
  't5xxl_fp8_e4m3fn.safetensors',
  'umt5_xxl_fp8_e4m3fn_scaled.safetensors',
] as const
export const vaeNames = [
  'ae.safetensors',
  'qwen_image_vae.safetensors',
  'sdxl_vae.safetensors',
  'wan_2.1_vae.safetensors',
  'pixel_space',
] as const
export const loraNames = ['detail.safetensors', 'styles/watercolor.safetensors'] as const
export const controlNetNames = [
  'canny.safetensors',
  'control_v11p_sd15_canny_fp16.safetensors',
  'depth.safetensors',
] as const
export const upscaleModelNames = ['2x_soft.pth', '4x_sharp.pth', 'RealESRGAN_x4plus.safetensors'] as const
export const clipVisionNames = [
  'clip_vision_h.safetensors',
  'sigclip_vision_patch14_384.safetensors',
] as const
export const styleModelNames = ['flux1-redux-dev.safetensors'] as const
