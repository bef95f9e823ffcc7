import type { InstitutionFace } from '../core/institution/guide.ts';
import type { TokenSummary } from '../core/vault/token.ts';
import { Contact } from './contact.tsx';
import { Icon } from './icon.tsx';
import type { StorageModel } from './storage-model.ts';
import { StorageNotice } from './storage-notice.tsx';
import { type TextKey, useText } from './text.ts';
import type { SettingsItem } from './token-route.ts';

interface SettingsProps {
  readonly tokens: readonly TokenSummary[];
  readonly institution: (key: string) => InstitutionFace | undefined;
  /** Whether this shell and one of the tokens at least can do it. */
  readonly applies: (item: SettingsItem) => boolean;
  readonly storage: StorageModel;
  readonly onOpen: (item: SettingsItem) => void;
}

interface ItemTexts {
  readonly item: SettingsItem;
  readonly title: TextKey;
  readonly hint: TextKey;
}

const ITEMS: readonly ItemTexts[] = [
  { item: 'add', title: 'addTitle', hint: 'addHint' },
  { item: 'pair', title: 'pairPhoneTitle', hint: 'pairPhoneHint' },
  { item: 'desktops', title: 'desktopsTitle', hint: 'desktopsHint' },
  { item: 'history', title: 'historyTitle', hint: 'historyHint' },
  { item: 'fill-mode', title: 'fillModeTitle', hint: 'fillModeHint' },
  { item: 'rename', title: 'renameTitle', hint: 'renameHint' },
  { item: 'notices', title: 'noticesTitle', hint: 'noticesHint' },
  { item: 'display', title: 'displayTitle', hint: 'displayHint' },
  { item: 'install', title: 'installTitle', hint: 'installHint' },
  { item: 'lock', title: 'lockTitle', hint: 'lockHint' },
  { item: 'suspend', title: 'suspendTitle', hint: 'suspendHint' },
  { item: 'remove', title: 'removeTitle', hint: 'removeHint' },
  { item: 'help', title: 'helpOpen', hint: 'helpHint' },
];

/** 設定. */
export function Settings({ tokens, institution, applies, storage, onOpen }: SettingsProps) {
  const text = useText();
  const items = ITEMS.filter(({ item }) => applies(item));
  return (
    <>
      <section class="card">
        <h1 tabIndex={-1}>{text('settings')}</h1>
        <ul class="list">
          {items.map(({ item, title, hint }) => (
            <li key={item} class="list-item item">
              <button
                type="button"
                class="row-title"
                aria-describedby={`${item}-hint`}
                onClick={() => onOpen(item)}
              >
                {text(title)}
              </button>
              <Icon name="next" />
              <span class="quiet" id={`${item}-hint`}>
                {text(hint)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <Help tokens={tokens} institution={institution} />
      <StorageNotice storage={storage} />
    </>
  );
}

/** The way back after a change or loss of the device, for each institution of the tokens. */
function Help({ tokens, institution }: Pick<SettingsProps, 'tokens' | 'institution'>) {
  const text = useText();
  const firstOfEach = tokens.filter(
    (token, index) => tokens.findIndex((other) => other.institution === token.institution) === index,
  );
  return (
    <section class="card">
      <h2>{text('helpTitle')}</h2>
      <p>{text('helpBody')}</p>
      {firstOfEach.map((token) => (
        <Contact key={token.id} face={institution(token.institution)} name={token.institutionName} />
      ))}
    </section>
  );
}
