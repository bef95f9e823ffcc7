import type { TokenStanding } from '../core/transaction/confirmations.ts';
import { displayName } from '../core/vault/token.ts';
import { RemoveToken } from './remove-token.tsx';
import { RenameToken } from './rename-token.tsx';
import type { ScreenProps } from './screen-props.ts';
import { Settings } from './settings.tsx';
import { SuspendToken } from './suspend-token.tsx';
import { type TextKey, useText } from './text.ts';
import { TokenList } from './token-list.tsx';
import type { Route, SettingsItem, TokenItem } from './token-route.ts';

/** The tokens that an action applies to. Tokens that another device decides for, or whose institution lets only staff suspend, cannot be suspended here. */
function tokensFor(item: SettingsItem, { shell, model }: Pick<ScreenProps, 'shell' | 'model'>) {
  const { tokens } = model.state.value;
  if (item !== 'suspend') return tokens;
  return tokens.filter(
    ({ institution, decider }) =>
      decider === undefined && shell.guides.some(({ key, suspends }) => key === institution && suspends),
  );
}

/** 設定. */
export function SettingsScreen({ shell, model, storage, dispatch }: ScreenProps) {
  const { tokens } = model.state.value;
  const applies: Partial<Record<SettingsItem, boolean>> = {
    suspend: tokensFor('suspend', { shell, model }).length > 0,
    pair: shell.pairing.kind === 'desktop',
    desktops: shell.pairing.kind === 'phone',
    'fill-mode': shell.fillModes !== undefined,
    display: shell.preferences !== undefined,
    notices: shell.notices !== undefined,
    install: shell.installer?.installed === false,
  };
  return (
    <Settings
      tokens={tokens}
      applies={(item) => applies[item] ?? true}
      institution={shell.institution}
      storage={storage}
      onOpen={(item) => dispatch({ kind: 'opened', item, tokens: tokensFor(item, { shell, model }) })}
    />
  );
}

const PICKER_TEXTS: Record<TokenItem, { readonly title: TextKey; readonly lead: TextKey }> = {
  rename: { title: 'renameTitle', lead: 'pickRename' },
  suspend: { title: 'suspendTitle', lead: 'pickSuspend' },
  remove: { title: 'removeTitle', lead: 'pickRemove' },
};

/** Which token an action is for. */
export function Picker({ shell, model, dispatch, item }: ScreenProps & { item: TokenItem }) {
  const text = useText();
  const tokens = tokensFor(item, { shell, model });
  const { title, lead } = PICKER_TEXTS[item];
  const choose = (id: string) => {
    const token = tokens.find((one) => one.id === id);
    if (token) dispatch({ kind: 'picked', token });
  };
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text(title)}</h1>
      <p>{text(lead)}</p>
      <TokenList tokens={tokens} onChoose={choose} />
    </section>
  );
}

type TokenRoute = Extract<Route, { at: TokenItem }>;

/** What is done with one token. */
export function TokenScreen({ shell, model, route, dispatch }: ScreenProps & { route: TokenRoute }) {
  const text = useText();
  const { tokens } = model.state.value;
  // its service may have said more since it was chosen
  const token = tokens.find(({ id }) => id === route.token.id) ?? route.token;
  if (route.at === 'remove') {
    const remove = async () => {
      await shell.notices?.leave(token);
      if (token.decider !== undefined && shell.pairing.kind === 'desktop')
        await shell.pairing.pairer.leave(token);
      await shell.vault.remove(token.id);
      const left = model.state.value.tokens.filter(({ id }) => id !== token.id);
      shell.reminder.remember(left.map(({ institution }) => institution));
      await model.reload();
      const { institution } = token;
      dispatch({ kind: 'done', done: { what: 'removed', name: displayName(token), institution } });
    };
    const guide = shell.guides.find(({ key }) => key === token.institution);
    return <RemoveToken token={token} guide={guide} onRemove={remove} />;
  }
  if (route.at === 'suspend') {
    const suspended = (standing: TokenStanding) => {
      model.stand([standing]);
      dispatch({ kind: 'done', done: { what: 'suspended', name: displayName(token) } });
    };
    return (
      <SuspendToken
        token={token}
        face={shell.institution(token.institution)}
        suspender={shell.suspender}
        onSuspended={suspended}
      />
    );
  }
  const renamed = async (suffix: string) => {
    await model.reload();
    dispatch({ kind: 'done', done: { what: 'renamed', name: displayName({ ...token, suffix }) } });
  };
  const missing = async () => {
    await model.reload();
    dispatch({ kind: 'go', to: 'code' });
  };
  return (
    <RenameToken
      title={text('renameTitle')}
      token={token}
      vault={shell.vault}
      onRenamed={renamed}
      onMissing={missing}
    />
  );
}
