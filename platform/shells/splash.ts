/** Of the halves of the 割符, on a grid of 128 by 128, with their colours in light and in dark. */
const HALVES = [
  {
    path: 'M26 8H72L54 46L70 80L52 120H26A16 16 0 0 1 10 104V24A16 16 0 0 1 26 8Z',
    light: '#24528f',
    dark: '#7fa8dc',
  },
  {
    path: 'M85 8H102A16 16 0 0 1 118 24V104A16 16 0 0 1 102 120H65L83 80L67 46Z',
    light: '#7fa8dc',
    dark: '#4a7ab8',
  },
] as const;

const GROUNDS = { light: '#f7f5f0', dark: '#14171d' } as const;

/**
 * Draws what iOS shows while the app starts. iOS takes it when the page is added to the Home Screen, from a picture as large as the
 * screen to the pixel: drawn here, it fits every device. Elsewhere the manifest's colour and icon do the same.
 */
export function drawSplash(): void {
  if (document.querySelector('link[rel="apple-touch-startup-image"]')) return;
  for (const scheme of ['light', 'dark'] as const) {
    const link = document.createElement('link');
    link.rel = 'apple-touch-startup-image';
    link.media = `(prefers-color-scheme: ${scheme})`;
    link.href = picture(scheme);
    document.head.append(link);
  }
}

function picture(scheme: 'light' | 'dark'): string {
  const canvas = document.createElement('canvas');
  canvas.width = screen.width * devicePixelRatio;
  canvas.height = screen.height * devicePixelRatio;
  const drawing = canvas.getContext('2d');
  if (drawing) {
    drawing.fillStyle = GROUNDS[scheme];
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    const scale = (canvas.width * 0.28) / 128;
    drawing.setTransform(scale, 0, 0, scale, canvas.width / 2 - 64 * scale, canvas.height / 2 - 64 * scale);
    for (const half of HALVES) {
      drawing.fillStyle = half[scheme];
      drawing.fill(new Path2D(half.path));
    }
  }
  return canvas.toDataURL('image/png');
}
