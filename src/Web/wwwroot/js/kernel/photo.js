// Shrinks a photo before it is sent: two sizes, redrawn, so nothing but the picture is left in it. Imports nothing: residents load it too.

const LARGE = 1600;
const SMALL = 320;
const QUALITY = 0.8;
/** In bytes: larger files are not even tried, because phones run out of memory on them. */
export const LARGEST_FILE = 80 * 1024 * 1024;

/** @param {Blob} file @returns {Promise<ImageBitmap|HTMLImageElement>} */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    // Older web views do not know the options, or cannot decode this kind of file this way.
    const image = new Image();
    image.src = URL.createObjectURL(file);
    try {
      await image.decode();
    } finally {
      URL.revokeObjectURL(image.src);
    }
    return image;
  }
}

/** @param {ImageBitmap|HTMLImageElement} picture @param {number} edge the longest, in pixels @returns {Promise<Blob>} */
function draw(picture, edge) {
  const [width, height] = 'naturalWidth' in picture ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height];
  const scale = Math.min(1, edge / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext('2d');
  if (!brush) throw new Error('no canvas');
  brush.fillStyle = '#fff'; // a transparent picture would turn black
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', QUALITY));
}

/** Why a file is no photo here, from how it begins. @typedef {'large'|'heic'|'video'|'cut'|'none'} Why */

const HEIC = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];

/** What a file is that could not be opened. @param {Blob} file @returns {Promise<Why>} */
async function kindOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 12).arrayBuffer().catch(() => new ArrayBuffer(0)));
  const text = String.fromCharCode(...bytes);
  if (text.slice(4, 8) === 'ftyp') return HEIC.includes(text.slice(8)) ? 'heic' : 'video';
  if (file.type.startsWith('video/') || text.startsWith('\x1aE\xdf\xa3') || text.slice(8) === 'AVI ') return 'video';
  return text.startsWith('\xff\xd8\xff') || text.startsWith('\x89PNG') || text.slice(8) === 'WEBP' ? 'cut' : 'none';
}

/** Why it was not taken. @param {unknown} error @returns {Why} */
export const whyNot = (error) => (error instanceof Error && /^(large|heic|video|cut)$/.test(error.message) ? /** @type {Why} */ (error.message) : 'none');

/** Throws, with why as its message, if it is not a photo that this phone can open, or too large for it. @param {File|Blob} file @returns {Promise<{large: Blob, small: Blob}>} */
export async function shrink(file) {
  if (file.size > LARGEST_FILE) throw new Error('large');
  const picture = await decode(file).catch(async () => { throw new Error(await kindOf(file)); });
  try {
    return { large: await draw(picture, LARGE), small: await draw(picture, SMALL) };
  } finally {
    if ('close' in picture) picture.close();
  }
}
