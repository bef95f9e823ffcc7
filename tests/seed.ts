import fc from 'fast-check';

/** What is made by chance is the same in every run of the tests; `WARIFU_SEED` has them try something else. */
fc.configureGlobal({ seed: Number(process.env.WARIFU_SEED ?? 1) });
