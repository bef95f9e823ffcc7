import type { InstitutionFace } from '../core/institution/guide.ts';
import { inLanguage, useText } from './text.ts';

interface ContactProps {
  readonly face: InstitutionFace | undefined;
  /** The institution's contact. */
  readonly name: string;
}

/** The institution's telephone number and hours. */
export function Contact({ face, name }: ContactProps) {
  const text = useText();
  if (face === undefined) return null;
  const { phone, hours, hoursEn } = face.contact;
  return (
    <p class="contact">
      {text('contact', inLanguage(text, name, face.nameEn))} <a href={`tel:${phone}`}>{phone}</a>{' '}
      <span class="quiet">{inLanguage(text, hours, hoursEn)}</span>
    </p>
  );
}
