/** What must differ between all institutions of a directory, named or announced. */
interface Entry {
  readonly key: string;
  readonly serviceId?: string;
  readonly bankCode: string;
  readonly name: string;
  readonly pageOrigins: readonly string[];
}

interface Entries {
  readonly institutions: readonly Entry[];
  readonly preparing?: readonly Entry[] | undefined;
}

const MEMBERS = ['key', 'serviceId', 'bankCode', 'name'] as const;

/** Where an institution has what is another's already. */
export interface Repeated {
  readonly path: (string | number)[];
  readonly member: (typeof MEMBERS)[number];
  /** Key of the institution that has it first. */
  readonly owner: string;
}

/** Every member that repeats another institution's; names only at one origin, where pages are told apart by them. */
export function repeated({ institutions, preparing = [] }: Entries): Repeated[] {
  const all = [
    ...institutions.map((entry, at) => ({ entry, path: ['institutions', at] })),
    ...preparing.map((entry, at) => ({ entry, path: ['preparing', at] })),
  ];
  return all.flatMap(({ entry, path }, at) =>
    MEMBERS.flatMap((member) => {
      const first = all.slice(0, at).find((other) => isSame(member, entry, other.entry));
      return first === undefined ? [] : [{ path: [...path, member], member, owner: first.entry.key }];
    }),
  );
}

function isSame(member: (typeof MEMBERS)[number], one: Entry, other: Entry): boolean {
  const same = one[member] !== undefined && one[member] === other[member];
  return same && (member !== 'name' || one.pageOrigins.some((origin) => other.pageOrigins.includes(origin)));
}
