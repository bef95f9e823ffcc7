/** Members that must differ between all institutions of a directory, announced ones included. */
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

/** A member of an institution that repeats another's. */
export interface Repeated {
  readonly path: (string | number)[];
  readonly member: (typeof MEMBERS)[number];
  /** Key of the first institution that has the value. */
  readonly owner: string;
}

/** Every member that repeats another institution's. Names must only differ at a shared origin, where they identify pages. */
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
