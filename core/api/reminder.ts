import { z } from 'zod';
import { INSTITUTION_KEY, MOST_REMEMBERED } from '../institution/reminder.ts';

export const reminderRequestSchema = z.strictObject({
  institutions: z.array(z.string().regex(INSTITUTION_KEY)).max(MOST_REMEMBERED),
});
