/** Neighbours of the pages of the world: one page, changed in a part or two. */
export interface Parts {
  readonly style?: string;
  readonly id?: string;
  readonly heading?: string;
  /** In place of name and field; the field is `#o`. */
  readonly line?: string;
  readonly form?: string;
  readonly before?: string;
  readonly after?: string;
}

const OTP = 'ワンタイムパスワード';
const FIELD = '<input id="o" maxlength="8">';
export const NAMED = `<label for="o">${OTP}</label> ${FIELD}`;
export const HEADING = `ログイン（${OTP}認証）`;

export const neighbourPage = ({
  style = '',
  id,
  heading,
  line,
  form,
  before = '',
  after = '',
}: Parts): string =>
  `<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>インターネットバンキング</title><style>${style}</style></head><body>${before}
${id ?? '<p>画面ID : BLI023</p>'}${heading ?? `<h1>${HEADING}</h1>`}<p>トークンに表示された数字を入力してください。</p>
<form ${form ?? 'method="post" action="/ib/next"'}>${line ?? `<p><label for="o">${OTP}（半角数字）</label> ${FIELD}</p>`}<p><button>次へ</button></p></form>${after}</body></html>`;

const named = (name: string, field = FIELD) => `<p><label for="o">${name}</label> ${field}</p>`;

/** Filled, and seen by any person. */
export const FILLED: Readonly<Record<string, Parts>> = {
  'a hint of digits in brackets': { line: named(`${OTP}（8桁）`) },
  'a hint in square brackets': { line: named(`${OTP}【数字8桁】`) },
  'a name with a soft hyphen': { line: named('ワンタイム&shy;パスワード') },
  'a name with ruby': { line: named('<ruby>ワンタイムパスワード<rt>わんたいむぱすわーど</rt></ruby>') },
  'a name over two lines': { line: named('ワンタイム<br>パスワード<small>（半角数字）</small>') },
  'a name in the dt of a div': {
    line: `<dl><div><dt>${OTP}</dt><dd><span>${FIELD}</span></dd></div></dl>`,
  },
  'a name in the head of its column': {
    line: `<table border="1"><tr><th>店番</th><th>${OTP}</th></tr><tr><td><input maxlength="3"></td><td>${FIELD}</td></tr></table>`,
  },
  'a name over three rows': {
    line: `<table border="1"><tr><th rowspan="3">${OTP}</th><td>トークンの数字</td></tr><tr><td>毎分変わります</td></tr><tr><td>${FIELD}</td></tr></table>`,
  },
  'no name but for screen readers, under another field with its name': {
    line: `<p><label>店番 <input maxlength="3"></label></p><p style="margin:0"><input id="o" maxlength="8" aria-label="${OTP}"></p>`,
  },
  'a heading with a brand': { heading: `<h1>仙北ネットバンク ${HEADING}</h1>` },
  'a heading with a brand in an element': { heading: `<h1><small>仙北ネットバンク</small>${HEADING}</h1>` },
  'a heading with a number': { heading: `<h2>2. ${HEADING}</h2>` },
  'a heading with a bullet': { heading: `<h2>■ ${HEADING}</h2>` },
  'a heading with a step of steps': { heading: `<h1><b>手順2/3</b> ${HEADING}</h1>` },
  'a heading in a role': { heading: `<div role="heading" aria-level="1">${HEADING}</div>` },
  'an ID in square brackets': { id: '<p>［画面ＩＤ］BLI023</p>' },
  'an ID in round brackets': { id: '<p>（画面ID：BLI023）</p>' },
  'a spinner that is not shown': {
    after: '<div style="position:fixed;inset:0;background:#fff;display:none">読み込み中</div>',
  },
  'a closed menu over the field': {
    after:
      '<div style="position:absolute;left:0;top:0;width:100%;height:0;overflow:hidden"><div style="height:900px;background:#fff">メニュー</div></div>',
  },
  'a ground behind the page': {
    style:
      'body::before{content:"";position:fixed;inset:0;z-index:-1;background:linear-gradient(#eef,#fff);pointer-events:none}',
  },
  'a picture behind the form': {
    style: '#bg{position:absolute;inset:0;z-index:-1;background:#eee;pointer-events:none}',
    after: '<div id="bg"></div>',
  },
  'a ring around the field': {
    line: `<div style="position:relative;width:220px">${`<label for="o">${OTP}</label>`}<div style="position:relative"><input id="o" maxlength="8" style="width:220px;height:40px;box-sizing:border-box"><fieldset style="position:absolute;inset:-3px;border:2px solid #06c;pointer-events:none;padding:0;margin:0"></fieldset></div></div>`,
  },
  'an icon at the beginning of the field': {
    line: `<label for="o">${OTP}</label><div style="position:relative;width:240px"><span aria-hidden="true" style="position:absolute;left:4px;top:8px;pointer-events:none">🔒</span><input id="o" maxlength="8" style="width:240px;height:40px;box-sizing:border-box;padding-left:40px"></div>`,
  },
  'an icon made by a pseudo-element': {
    style:
      '.w{position:relative;width:240px}.w::after{content:"✓";position:absolute;right:6px;top:50%;transform:translateY(-50%);pointer-events:none;width:16px;height:16px;line-height:16px}',
    line: `<label for="o">${OTP}</label><div class="w"><input id="o" maxlength="8" style="width:240px;height:40px;box-sizing:border-box"></div>`,
  },
  'a label that floats over the field until it is filled': {
    style:
      '.w{position:relative;width:240px}.w label{position:absolute;left:8px;top:10px;pointer-events:none;color:#555}.w input{width:240px;height:40px}',
    line: `<div class="w"><input id="o" maxlength="8"><label for="o">${OTP}</label></div>`,
  },
  'a surface for confetti': {
    after:
      '<canvas id="c" width="300" height="200" style="position:fixed;inset:0;width:100%;height:100%;pointer-events:none"></canvas><script>c.getContext("2d")</script>',
  },
  'a filter for the night on the root': {
    style: 'html{filter:invert(90%) hue-rotate(180deg) brightness(.95) contrast(1.05)}',
  },
  'a warm filter': { style: 'html{filter:sepia(.4) saturate(.8)}' },
  'will-change on the form': { style: 'form{will-change:transform,opacity}' },
  'an opaque mask on the root': { style: 'html{mask-image:linear-gradient(#000,#000)}' },
  'a popover of another thing, open': {
    style: '#pp{inset:auto 0 0 auto}',
    after: '<div id="pp" popover="manual">お知らせ</div><script>pp.showPopover()</script>',
  },
  'the field in a dialog': {
    line: '',
    after: `<dialog id="d"><p>画面ID : BLI023</p><h1>${HEADING}</h1><form method="post" action="/ib/next"><p><label for="o">${OTP}</label> ${FIELD}</p></form></dialog><script>d.showModal()</script>`,
    heading: '',
    id: '',
  },
  'four boxes of two': {
    line: `<fieldset><legend>${OTP}</legend>${'<input maxlength="2" size="2">'.repeat(4)}</fieldset>`,
  },
  'boxes named by their place among eight': {
    line: `<fieldset><legend>${OTP}</legend>${[1, 2, 3, 4, 5, 6, 7, 8].map((at) => `<input maxlength="1" size="1" aria-label="8桁中${at}桁目">`).join('')}</fieldset>`,
  },
  'boxes named by letters': {
    line: `<fieldset><legend>${OTP}</legend>${[1, 2, 3, 4, 5, 6, 7, 8].map((at) => `<input maxlength="1" size="1" aria-label="${at}文字目の数字">`).join('')}</fieldset>`,
  },
  'a smaller field of another name in its fieldset': {
    line: `<fieldset><label>暗証番号 <input type="password" maxlength="4"></label><br><label for="o">${OTP}</label> ${FIELD}</fieldset>`,
  },
  'a smaller field of another name in its cell': {
    line: `<table border="1"><tr><td><label>店番 <input maxlength="3"></label><br><label for="o">${OTP}</label> ${FIELD}</td></tr></table>`,
  },
  'four small fields of another name in its block': {
    line: `<div><label for="p">暗証番号</label> ${'<input id="p" maxlength="1" size="1" aria-label="暗証番号">'.repeat(4)}<br><label for="o">${OTP}</label> ${FIELD}</div>`,
  },
  'a shadow tree in a shadow tree': {
    line: '<x-outer></x-outer>',
    after: `<script>customElements.define('x-inner',class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<form method="post" action="/ib/next"><label for="o">${OTP}</label><input id="o" maxlength="8"></form>'}});
customElements.define('x-outer',class extends HTMLElement{connectedCallback(){this.attachShadow({mode:'open'}).innerHTML='<x-inner></x-inner>'}});</script>`,
  },
  'a box laid over its wrapper': {
    form: 'method="post" action="/ib/next" style="position:absolute;top:300px;left:200px"',
    before: '<div style="overflow:hidden">',
  },
  'a dialog of a wrapper that is moved': {
    before:
      '<div style="overflow:hidden;height:20px;transform:translateX(5px)"><dialog id="d" style="position:absolute">',
    after: '</dialog></div><script>d.showModal()</script>',
  },
};

/** Not filled: not seen, or seen otherwise than it is read. */
export const EMPTY: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a veil made before the page': [
    'covered',
    {
      style: 'html::before{content:"";position:fixed;inset:0;background:#fff;z-index:9;pointer-events:none}',
    },
  ],
  'a veil thrown by a shadow': [
    'covered',
    {
      after:
        '<i style="position:fixed;left:-300px;top:0;width:200px;height:900px;z-index:9;box-shadow:300px 0 0 600px #fff"></i>',
    },
  ],
  'a veil of one letter': [
    'covered',
    {
      after:
        '<div style="position:fixed;left:0;top:-200px;z-index:9;font:900px/1 monospace;color:#fff;pointer-events:none">█</div>',
    },
  ],
  'a veil by a border image': [
    'covered',
    {
      after:
        '<div style="position:fixed;left:0;top:0;width:1px;height:1px;z-index:9;border:1px solid;border-image:linear-gradient(#fff,#fff) 1/1px/900px"></div>',
    },
  ],
  'a veil by the line under a letter': [
    'covered',
    {
      after:
        '<div style="position:fixed;left:0;top:0;z-index:9;width:100%;pointer-events:none;color:transparent;text-decoration:underline #fff 900px">ああああああああああああああああああああああ</div>',
    },
  ],
  'a veil by the stroke of a letter': [
    'covered',
    {
      after:
        '<div style="position:fixed;left:0;top:0;z-index:9;pointer-events:none;-webkit-text-stroke:900px #fff">あ</div>',
    },
  ],
  'a veil by the outline of the form itself': [
    'covered',
    { style: 'form{outline:900px solid #fff;outline-offset:-900px}' },
  ],
  'a veil of four strips': [
    'covered',
    {
      after: [0, 1, 2, 3]
        .map(
          (at) =>
            `<div style="position:fixed;left:${at * 25}%;width:25%;top:0;bottom:0;background:#fff;z-index:9;pointer-events:none"></div>`,
        )
        .join(''),
    },
  ],
  'a veil that is inert': [
    'covered',
    { after: '<div inert style="position:fixed;inset:0;background:#fff;z-index:9"></div>' },
  ],
  'a veil in a closed shadow tree in another': [
    'covered',
    {
      after: `<x-a></x-a><script>const a=document.querySelector('x-a').attachShadow({mode:'closed'});a.innerHTML='<x-b></x-b>';a.firstChild.attachShadow({mode:'closed'}).innerHTML='<div style="position:fixed;inset:0;background:#fff;z-index:9;pointer-events:none"></div>'</script>`,
    },
  ],
  'a veil on the top layer in a faded element': [
    'covered',
    {
      after:
        '<div style="opacity:0"><div id="pp" popover="manual" style="pointer-events:none;inset:0;width:100vw;height:100vh;max-width:none;background:#fff;border:0"></div></div><script>pp.showPopover()</script>',
    },
  ],
  'a veil of columns': [
    'covered',
    {
      after:
        '<div style="position:fixed;inset:0;z-index:9;pointer-events:none;columns:2;column-rule:900px solid #fff"><p>あ</p><p>い</p></div>',
    },
  ],
  'a surface that is drawn on': [
    'covered',
    {
      after:
        '<canvas id="c" width="300" height="200" style="position:fixed;inset:0;width:100%;height:100%;pointer-events:none"></canvas><script>const x=c.getContext("2d");x.fillStyle="#fff";x.fillRect(0,0,300,200)</script>',
    },
  ],
  'a surface of WebGL': [
    'covered',
    {
      after:
        '<canvas id="c" width="300" height="200" style="position:fixed;inset:0;width:100%;height:100%;pointer-events:none"></canvas><script>const g=c.getContext("webgl");if(g){g.clearColor(1,1,1,1);g.clear(g.COLOR_BUFFER_BIT)}else{const x=c.getContext("2d");x.fillRect(0,0,300,200)}</script>',
    },
  ],
  'the own label in blocks': [
    'covered',
    {
      style:
        'p{position:relative}label b{position:absolute;left:0;top:-40px;font:200px/1 monospace;color:#fff;pointer-events:none}',
      line: `<p><label for="o">${OTP}<b>████</b></label> <input id="o" maxlength="8" aria-label="${OTP}"></p>`,
    },
  ],
  'digits of their ground’s colour': ['faded', { style: '#o{color:#fff;background:#fff}' }],
  'digits without colour': ['faded', { style: '#o{color:transparent}' }],
  'digits without fill': ['faded', { style: '#o{-webkit-text-fill-color:transparent}' }],
  'digits moved out of the field': ['too-small', { style: '#o{text-indent:-999px}' }],
  'digits too small': ['too-small', { style: '#o{font-size:3px;height:30px;width:200px}' }],
  'a field scaled down': ['too-small', { style: 'form{transform:scale(.3);transform-origin:0 0}' }],
  'a heading of its ground’s colour': ['faded', { style: 'h1{color:#fff;background:#fff}' }],
  'a heading moved away by its indent': ['outside', { style: 'h1{text-indent:-9999px}' }],
  'a heading under another': [
    'covered',
    {
      style:
        'h1{position:relative}h1::after{content:"プレゼント応募";position:absolute;inset:0;background:#fff}',
    },
  ],
  'a 画面ID without colour': ['faded', { id: '<p style="color:transparent">画面ID : BLI023</p>' }],
  'a name without colour': [
    'other-name',
    {
      line: `<p><label for="o" style="color:transparent">${OTP}</label><span>ニックネーム（公開）</span> ${FIELD}</p>`,
    },
  ],
  'a name for screen readers against another': [
    'other-name',
    {
      style: '.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}',
      line: `<p><label for="o" class="sr">${OTP}</label>ニックネーム（公開） ${FIELD}</p>`,
    },
  ],
  'a name moved behind another by order': [
    'other-name',
    {
      style: '#row{display:flex}',
      line: `<div id="row"><label for="o" style="order:9">${OTP}</label><span>ニックネーム（公開）</span>${FIELD}</div>`,
    },
  ],
  'names that changed places': [
    'other-name',
    {
      style: '#row{display:flex}',
      line: `<div id="row"><label for="o" style="order:1">${OTP}</label><input id="n" maxlength="8" style="order:2"><label for="n" style="order:3">ニックネーム</label><input id="o" maxlength="8" style="order:4"></div>`,
    },
  ],
  'a button that sends by GET': ['get', { line: `${named(OTP)}<button formmethod="get">確認</button>` }],
  'a button of no method that there is': [
    'get',
    { line: `${named(OTP)}<button formmethod="put">確認</button>` },
  ],
  'a button of an empty method': ['get', { line: `${named(OTP)}<button formmethod="">確認</button>` }],
  'GET in capitals': ['get', { form: 'method="GET" action="/ib/next"' }],
  'a blurred form': ['filtered', { style: 'form{filter:blur(9px)}' }],
  'a form without contrast': ['filtered', { style: 'form{filter:contrast(0)}' }],
  'a form half turned to its negative': ['filtered', { style: 'form{filter:invert(.5)}' }],
  'a dark form in dark forms': ['faded', { style: 'html,body,form{filter:brightness(.3)}' }],
  // Firefox has no such mask.
  'a mask around the field': [
    'clipped',
    {
      style:
        '#o{-webkit-mask-box-image:linear-gradient(transparent,transparent)}@supports not (-webkit-mask-box-image:none){#o{clip-path:inset(50%)}}',
    },
  ],
  'a mask that shows half': [
    'clipped',
    { style: 'html{mask-image:linear-gradient(#000 20%,transparent 21%)}' },
  ],
  'a filter by a picture': [
    'filtered',
    {
      style: 'form{filter:url(#f)}',
      after: '<svg width="0" height="0"><filter id="f"><feFlood flood-color="#fff"/></filter></svg>',
    },
  ],
  'a heading that turned its back': [
    'clipped',
    { style: 'h1{transform:rotateY(180deg);backface-visibility:hidden}' },
  ],
  'a heading on the back of a card': [
    'clipped',
    {
      style: 'header{transform-style:preserve-3d;rotate:y 180deg}h1{backface-visibility:hidden}',
      heading: `<header><h1>${HEADING}</h1></header>`,
    },
  ],
  'a heading contained by nothing': ['clipped', { style: 'h1{contain:paint;height:0}' }],
  'a form laid over its wrapper, which holds it': [
    'clipped',
    {
      form: 'method="post" action="/ib/next" style="position:absolute;top:300px;left:200px"',
      before: '<div style="overflow:hidden;height:100px"><div style="will-change:transform">',
    },
  ],
  'a heading laid over a picture, which holds it': [
    'clipped',
    {
      heading: `<svg width="90" height="50"><foreignObject width="90" height="50"><h1 style="position:absolute;left:200px">${HEADING}</h1></foreignObject></svg>`,
    },
  ],
  'a heading under a mask of no height': [
    'clipped',
    { style: 'h1{height:0;mask-image:linear-gradient(#000,#000)}' },
  ],
  'a heading that nobody has to draw': ['clipped', { style: 'h1{content-visibility:auto;height:0}' }],
};
