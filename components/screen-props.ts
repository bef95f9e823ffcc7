import type { Shell } from '../core/shell.ts';
import type { ApprovalModel } from './approval/approval-model.ts';
import type { ConfirmModel } from './confirm/confirm-model.ts';
import type { Inbox } from './confirm/inbox.ts';
import type { Loss } from './lock/recovery.tsx';
import type { PreferenceModel } from './preference-model.ts';
import type { StorageModel } from './storage-model.ts';
import type { TokenModel } from './token-model.ts';
import type { Route, RouteEvent } from './token-route.ts';

/** What every screen of the full page gets. */
export interface ScreenProps {
  readonly shell: Shell;
  readonly model: TokenModel;
  readonly inbox: Inbox;
  readonly confirmation: ConfirmModel;
  /** Absent in a shell that approves nothing. */
  readonly approval: ApprovalModel | undefined;
  readonly storage: StorageModel;
  readonly route: Route;
  /** What the page's address says to its place. */
  readonly said: string | undefined;
  readonly loss: Loss;
  readonly preferences: PreferenceModel;
  readonly dispatch: (event: RouteEvent) => void;
}
