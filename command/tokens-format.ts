/** Formats that hardware tokens are exported in. */
export const EXPORT_FORMATS = ['pskc', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
