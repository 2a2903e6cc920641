import type { Metadata } from 'next';
import { TemplateLibrary } from '../../components/templates/template-library.tsx';
import { serverApi } from '../server-api.ts';

export const metadata: Metadata = { title: 'Templates · Podium' };

export default async function Templates() {
  const api = await serverApi();
  return <TemplateLibrary first={await api.templates()} />;
}
