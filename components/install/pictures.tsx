import type { ComponentChildren } from 'preact';
import type { InstallWay } from '../../core/install.ts';

/** What a step of installing looks like on the screen, drawn by us: what to press is in colour. Hidden from screen readers. */

export type StepPicture = () => ComponentChildren;

/** The outline of a phone, with what is on its screen. */
const Phone = ({ children }: { children: ComponentChildren }) => (
  <svg class="step-picture" viewBox="20 0 56 96" width="56" height="96" aria-hidden="true">
    <rect class="drawn" x="24" y="3" width="48" height="90" rx="8" />
    {children}
  </svg>
);

/** The outline of a window, with what is in it. */
const WindowFrame = ({ children }: { children: ComponentChildren }) => (
  <svg class="step-picture" viewBox="0 10 96 76" width="96" height="76" aria-hidden="true">
    <rect class="drawn" x="4" y="14" width="88" height="68" rx="6" />
    {children}
  </svg>
);

/** Lines of a page, which mean nothing. */
const Lines = ({ x, width, ys }: { x: number; width: number; ys: readonly number[] }) => (
  <>
    {ys.map((y) => (
      <rect key={y} class="faint" x={x} y={y} width={width} height="4" rx="2" />
    ))}
  </>
);

const Halves = ({ x, y, size }: { x: number; y: number; size: number }) => (
  <g transform={`translate(${x} ${y}) scale(${size / 128})`}>
    <path class="mark-left" d="M26 8H72L54 46L70 80L52 120H26A16 16 0 0 1 10 104V24A16 16 0 0 1 26 8Z" />
    <path class="mark-right" d="M85 8H102A16 16 0 0 1 118 24V104A16 16 0 0 1 102 120H65L83 80L67 46Z" />
  </g>
);

const Home = () => (
  <Phone>
    {[14, 30, 46].flatMap((y) =>
      [29, 43, 57].map((x) =>
        x === 43 && y === 46 ? null : (
          <rect key={`${x} ${y}`} class="faint" x={x} y={y} width="10" height="10" rx="2.5" />
        ),
      ),
    )}
    <rect class="pressed" x="41" y="43" width="14" height="14" rx="4" />
    <Halves x={43} y={45} size={10} />
    <rect class="faint" x="30" y="76" width="36" height="11" rx="4" />
  </Phone>
);

const ShareButton = () => (
  <Phone>
    <Lines x={31} width={34} ys={[14, 23, 32, 41]} />
    <path class="drawn" d="M24 70H72" />
    <circle class="pressed" cx="48" cy="79" r="10.500" />
    <path class="sign" d="M45 77.500h-2v6.500h10v-6.500h-2M48 81v-8.500M45.200 74.800L48 72l2.800 2.800" />
  </Phone>
);

const ShareSheet = () => (
  <Phone>
    <Lines x={31} width={34} ys={[12, 20]} />
    <rect class="drawn" x="24" y="32" width="48" height="61" rx="8" />
    <Lines x={32} width={22} ys={[42]} />
    <rect class="pressed" x="27" y="50" width="42" height="16" rx="4" />
    <Lines x={32} width={20} ys={[56]} />
    <path class="sign" d="M57 53.500h9v9h-9zM61.500 56v4M59.500 58h4" />
    <Lines x={32} width={22} ys={[73, 82]} />
  </Phone>
);

const MenuButton = () => (
  <Phone>
    <path class="drawn" d="M24 22H72" />
    <rect class="faint" x="29" y="9" width="26" height="7" rx="3.500" />
    <circle class="pressed" cx="64" cy="13" r="9.500" />
    <path class="sign dots" d="M64 9v.1M64 13v.1M64 17v.1" />
    <Lines x={31} width={34} ys={[30, 39, 48, 57]} />
  </Phone>
);

const Menu = () => (
  <Phone>
    <Lines x={31} width={34} ys={[74, 83]} />
    <rect class="drawn" x="34" y="8" width="36" height="60" rx="5" />
    <Lines x={40} width={22} ys={[15, 24]} />
    <rect class="pressed" x="36" y="32" width="32" height="15" rx="4" />
    <path class="sign" d="M41 35.500h6v8h-6zM55 39.500h6M58 36.500v6" />
    <Lines x={40} width={22} ys={[53, 61]} />
  </Phone>
);

const AddressBar = () => (
  <WindowFrame>
    <path class="drawn" d="M4 36H92" />
    <rect class="faint" x="12" y="21" width="54" height="9" rx="4.500" />
    <circle class="pressed" cx="78" cy="25.500" r="9.500" />
    <path
      class="sign"
      d="M73.500 21.500h9v6h-9zM78 19.500v5.500M75.800 23.200L78 25.400l2.200-2.200M76 30.500h4"
    />
    <Lines x={14} width={68} ys={[45, 55, 65]} />
  </WindowFrame>
);

const AppleMenu = () => (
  <WindowFrame>
    <path class="drawn" d="M4 26H92" />
    <rect class="pressed" x="24" y="16" width="18" height="9" rx="3" />
    <Lines x={10} width={9} ys={[18.5]} />
    <Lines x={48} width={14} ys={[18.5]} />
    <rect class="drawn" x="24" y="28" width="44" height="44" rx="4" />
    <Lines x={30} width={28} ys={[34, 43]} />
    <rect class="pressed" x="26" y="51" width="40" height="13" rx="3" />
    <path class="sign" d="M32 57.500h24" />
  </WindowFrame>
);

const Dialog = () => (
  <WindowFrame>
    <path class="drawn" d="M4 28H92" />
    <rect class="drawn" x="20" y="36" width="56" height="38" rx="5" />
    <Halves x={26} y={41} size={13} />
    <Lines x={44} width={25} ys={[43, 50]} />
    <rect class="pressed" x="44" y="59" width="27" height="11" rx="4" />
    <path class="sign" d="M51 64.500h13" />
  </WindowFrame>
);

const AppWindow = () => (
  <WindowFrame>
    <path class="drawn" d="M4 26H92" />
    <Halves x={9} y={16} size={8} />
    <rect class="pressed" x="33" y="38" width="30" height="30" rx="7" />
    <Halves x={38} y={43} size={20} />
  </WindowFrame>
);

const Dock = () => (
  <WindowFrame>
    <Lines x={14} width={68} ys={[24, 34, 44]} />
    <rect class="faint" x="16" y="62" width="12" height="12" rx="3" />
    <rect class="faint" x="31" y="62" width="12" height="12" rx="3" />
    <rect class="pressed" x="45" y="57" width="20" height="20" rx="5" />
    <Halves x={48} y={60} size={14} />
    <rect class="faint" x="68" y="62" width="12" height="12" rx="3" />
  </WindowFrame>
);

export const STEP_PICTURES: Record<
  Exclude<InstallWay, 'none'>,
  readonly [StepPicture, StepPicture, StepPicture]
> = {
  ios: [ShareButton, ShareSheet, Home],
  android: [MenuButton, Menu, Home],
  desktop: [AddressBar, Dialog, AppWindow],
  dock: [AppleMenu, Dialog, Dock],
};
