import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstall, install } from './apt.js';

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

interface Browser {
  /** Environment variable with the path of the program, for places that are not looked in. */
  variable: string;
  /** Names to look for on the PATH. */
  commands: string[];
  /** Other programs that must be on the PATH. */
  besides?: string[];
  /** Full paths to look at, by platform. */
  paths: Partial<Record<NodeJS.Platform, string[]>>;
  /** What Debian calls it. */
  debian: string[];
  /** What to say when it is missing and cannot be installed from here. */
  advice: string;
}

const programFiles = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => process.env[name] ?? []);
const onWindows = (path: string): string[] => programFiles.map((folder) => join(folder, path));

const browsers: Record<BrowserName, Browser> = {
  chromium: {
    variable: 'CHROME_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
    paths: {
      darwin: [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ],
      win32: [
        ...onWindows('Google\\Chrome\\Application\\chrome.exe'),
        ...onWindows('Microsoft\\Edge\\Application\\msedge.exe'),
      ],
    },
    debian: ['chromium'],
    advice: 'Install Chrome, Chromium or Edge.',
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    commands: ['firefox-esr', 'firefox'],
    paths: {
      darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
      win32: onWindows('Mozilla Firefox\\firefox.exe'),
    },
    debian: ['firefox-esr'],
    advice: 'Install Firefox.',
  },
  webkit: {
    variable: 'WEBKIT_DRIVER_PATH',
    commands: ['WebKitWebDriver'],
    besides: ['Xvfb'],
    paths: {},
    debian: ['webkit2gtk-driver', 'xvfb'],
    advice: 'WebKit is driven through WebKitGTK, which is for Linux: install its WebDriver and Xvfb there.',
  },
};

/** Path of a browser on this machine (for WebKit, of its driver), or `undefined`. */
export function findBrowser(name: BrowserName): string | undefined {
  const { variable, commands, besides = [], paths } = browsers[name];
  if (!besides.every((command) => onPath(command).some(isProgram))) return undefined;
  const named = process.env[variable];
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(`${variable} is ${named}, which is not a program.`);
  }
  return [...commands.flatMap(onPath), ...(paths[process.platform] ?? [])].find(isProgram);
}

/**
 * Path of a browser, installed first when it is missing and Debian's packages can be used.
 * @throws {Error} says what to install, when it can be neither found nor installed.
 */
export async function ensureBrowser(name: BrowserName): Promise<string> {
  const found = findBrowser(name);
  if (found) return found;
  const { variable, debian, advice } = browsers[name];
  if (canInstall()) {
    await install(debian);
    const installed = findBrowser(name);
    if (installed) return installed;
  }
  throw new Error(
    `These tests need ${name}, and none was found. ${advice} On Debian or Ubuntu: ` +
      `sudo apt-get install ${debian.join(' ')}. If it is somewhere unusual, set ${variable} to its path.`,
  );
}

const HEADLESS_SHELL = 'chromium-headless-shell';

/**
 * Path of the Chromium for whole pages: the headless shell, which has the same engine without a user interface and needs
 * half of the CPU time. Without it, or if `CHROME_PATH` names a browser, the full browser.
 */
export async function ensurePageBrowser(): Promise<string> {
  const browser = await ensureBrowser('chromium');
  if (process.env[browsers.chromium.variable]) return browser;
  // Not every release of Debian has the package.
  if (!findProgram(HEADLESS_SHELL) && canInstall()) await install([HEADLESS_SHELL]).catch(() => undefined);
  return findProgram(HEADLESS_SHELL) ?? browser;
}

/** Arguments every Chromium of the tests starts with: no sandbox (containers have none), no traffic of its own. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** Path of a command, or `undefined`. */
export function findProgram(command: string): string | undefined {
  return onPath(command).find(isProgram);
}

/** Where a command would be, in each folder of the PATH. */
function onPath(command: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
