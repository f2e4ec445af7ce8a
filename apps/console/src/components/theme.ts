/** The design's tokens as a Mantine theme: one teal accent, 13 px text, dense controls. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e3f1f2',
  '#c9e4e7',
  '#a3d5da',
  '#7fcfd7',
  '#5fc4cf',
  '#3aa5b1',
  '#1f8592',
  '#126f7c',
  '#0b5f6b',
  '#084a54',
];

/** Mantine draws dark inputs, menus and borders from this scale; it follows the tokens' blue-grey. */
const dark: MantineColorsTuple = [
  '#e8edf1',
  '#b3c0cb',
  '#9aa7b2',
  '#8d9aa6',
  '#3a4752',
  '#28323b',
  '#11181d',
  '#161d23',
  '#0f1418',
  '#0b0f12',
];

const dense = { defaultProps: { size: 'xs' } } as const;

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.36,
  colors: { teal, dark },
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '13px', sm: '13px', md: '14px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '1.45', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.3' },
  headings: { fontFamily: 'var(--font-text)', fontWeight: '650' },
  defaultRadius: 7,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    // Written out, so that the attribute of the variant is there for the style sheet.
    Button: { defaultProps: { size: 'xs', variant: 'filled' } },
    TextInput: dense,
    PasswordInput: dense,
    Textarea: dense,
    NativeSelect: dense,
    Checkbox: dense,
    Radio: dense,
    Switch: dense,
    // The page scrolls inside <main>, so there is no body scroll to lock (nor a style tag to add for it).
    Modal: {
      defaultProps: {
        lockScroll: false,
        radius: 10,
        centered: true,
        transitionProps: { duration: 0 },
      },
    },
  },
});

const lightVariables = {
  '--mantine-color-body': '#ffffff',
  '--mantine-color-text': '#16202a',
  '--mantine-color-dimmed': '#5d6976',
  '--mantine-color-placeholder': '#66727f',
  '--mantine-color-default': '#ffffff',
  '--mantine-color-default-border': '#cfd5da',
  '--mantine-color-error': '#b3261e',
};
const darkVariables = {
  '--mantine-color-body': '#161d23',
  '--mantine-color-text': '#e8edf1',
  '--mantine-color-dimmed': '#9aa7b2',
  '--mantine-color-placeholder': '#8d9aa6',
  '--mantine-color-default': '#161d23',
  '--mantine-color-default-hover': '#1e272e',
  '--mantine-color-default-border': '#3a4752',
  '--mantine-color-error': '#ff9d94',
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: lightVariables,
  dark: darkVariables,
});
