import type { BrowserLauncher } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import puppeteer from 'puppeteer-core';
import { chromiumArguments, findBrowser, type BrowserName } from './browsers.js';

/** How Web Test Runner drives each browser. */
export function launcher(browser: BrowserName): BrowserLauncher {
  switch (browser) {
    case 'chromium':
      return chromeLauncher({ launchOptions: { executablePath: findBrowser('chromium'), args: chromiumArguments } });
    case 'firefox':
      // puppeteer speaks WebDriver BiDi to Firefox, without a driver between them.
      return chromeLauncher({
        puppeteer,
        launchOptions: { browser: 'firefox', executablePath: findBrowser('firefox') },
      });
    case 'webkit':
      return webkit();
    default:
      throw new Error(`ELEMENT_TESTS_BROWSER is ${String(browser)}; it may be chromium, firefox or webkit.`);
  }
}

/** WebKitGTK's own MiniBrowser. `WEBKIT_DRIVER_PORT` is where its driver listens. */
function webkit(): BrowserLauncher {
  const port = Number(process.env.WEBKIT_DRIVER_PORT);
  if (!port) throw new Error('WEBKIT_DRIVER_PORT is not set: run WebKit with npm run test:browsers -- webkit');
  return webdriverLauncher({
    hostname: '127.0.0.1',
    port,
    path: '/',
    capabilities: {
      browserName: 'MiniBrowser',
      'wdio:enforceWebDriverClassic': true,
      'webkitgtk:browserOptions': { binary: process.env.WEBKIT_BROWSER_PATH, args: ['--automation'] },
    } as WebdriverIO.Capabilities,
  });
}
