import { encodeQR } from 'qr';

/** Light modules around it (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;

interface QrCodeProps {
  readonly content: string;
  readonly label: string;
}

/** A QR code, dark on light in every colour scheme, as scanners expect it. */
export function QrCode({ content, label }: QrCodeProps) {
  const rows = encodeQR(content, 'raw', { ecc: 'medium', border: QUIET });
  const modules = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label={label}>
      <path d={modules.join('')} shape-rendering="crispEdges" />
    </svg>
  );
}
