import type { Page } from 'playwright-core';

/** A frame that the browser painted. */
export interface Frame {
  /** When, in epoch milliseconds. */
  at: number;
  /** How much of it (0 to 1) is of a colour that nothing else on the page has. */
  share: number;
}

/** What the browser paints while something happens: {@link Frame.share} of each frame. */
export async function paintedDuring(page: Page, happening: () => Promise<void>): Promise<number[]> {
  return (await framesDuring(page, happening)).map(({ share }) => share);
}

/** What the browser paints while something happens, frame by frame. */
export async function framesDuring(page: Page, happening: () => Promise<void>): Promise<Frame[]> {
  const session = await page.context().newCDPSession(page);
  const frames: { at: number; picture: string }[] = [];
  session.on('Page.screencastFrame', ({ data, sessionId, metadata }) => {
    frames.push({ at: metadata.timestamp! * 1000, picture: data });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
  await happening();
  await session.send('Page.stopScreencast');
  // However late the machine is with its frames, this is how it ended.
  const { data: end } = await session.send('Page.captureScreenshot', { format: 'png' });
  frames.push({ at: Date.now(), picture: end });
  const darkroom = await page.context().newPage();
  const shares = await darkroom.evaluate(
    measure,
    frames.map(({ picture }) => picture),
  );
  await darkroom.close();
  return frames.map(({ at }, index) => ({ at, share: shares[index]! }));
}

/** The colour to give to what must not be seen: `rgb(255, 0, 255)`. Runs in the browser, which can decode images. */
async function measure(frames: string[]): Promise<number[]> {
  const shares: number[] = [];
  for (const frame of frames) {
    const bytes = Uint8Array.from(atob(frame), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i]! > 240 && data[i + 1]! < 16 && data[i + 2]! > 240) found++;
    }
    shares.push(found / (image.width * image.height));
  }
  return shares;
}
