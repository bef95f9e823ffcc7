import { useEffect, useRef } from 'preact/hooks';
import type { ImageLike, PhonePairing } from '../../core/shell.ts';
import { useText } from '../text.ts';

/** How often a picture is looked at. */
const LOOK_EVERY_MS = 200;

/** Longest side of a picture that is looked at. */
const MOST_PIXELS = 800;

interface ScannerProps extends Pick<PhonePairing, 'loadReader'> {
  /** Called with what each QR code in sight says. */
  readonly onSeen: (content: string) => void;
  /** The browser has no camera, or may not use it. */
  readonly onFailed: () => void;
}

/** The camera's picture, in which a QR code is looked for. Nothing of it leaves the device. */
export function Scanner({ loadReader, onSeen, onFailed }: ScannerProps) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    const stop = new AbortController();
    if (video.current) {
      scan(video.current, loadReader, (content) => latest.current(content), stop.signal).catch(() => {
        if (!stop.signal.aborted) onFailed();
      });
    }
    return () => stop.abort();
  }, []);
  return <video class="scanner" ref={video} muted playsInline aria-label={text('pairScanning')} />;
}

async function scan(
  video: HTMLVideoElement,
  loadReader: PhonePairing['loadReader'],
  onSeen: (content: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const [read, stream] = await Promise.all([
    loadReader(),
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false }),
  ]);
  const end = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return end();
  signal.addEventListener('abort', end);
  video.srcObject = stream;
  await video.play();
  const look = () => {
    if (signal.aborted) return;
    const content = contentOf(video, read);
    if (content !== undefined) onSeen(content);
    setTimeout(look, LOOK_EVERY_MS);
  };
  look();
}

/** What a QR code in the present picture says; a picture without one is no error. */
function contentOf(video: HTMLVideoElement, read: (image: ImageLike) => string): string | undefined {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, MOST_PIXELS / Math.max(videoWidth, videoHeight, 1));
  const width = Math.round(videoWidth * scale);
  const height = Math.round(videoHeight * scale);
  if (width === 0 || height === 0) return undefined;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(video, 0, 0, width, height);
  try {
    return context ? read(context.getImageData(0, 0, width, height)) : undefined;
  } catch {
    return undefined;
  }
}
