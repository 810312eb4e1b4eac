import type { Words } from './en.js';

/** Chinese in traditional characters. */
export const words: Words = {
  language: 'zh-Hant',
  labels: {
    'Sign in': '登入',
    'Sign out': '登出',
    'Try again': '重試',
    'Verify your identity to see this.': '請驗證您的身分以檢視此內容。',
    'Verify your identity': '驗證身分',
    'We couldn’t verify your identity. Try again.': '無法驗證您的身分。請重試。',
    'One moment…': '請稍候…',
  },
  sentences: {
    unavailable: '此頁面目前無法登入。請稍後再試。',
    content: '無法載入此內容。',
    unfinished: '無法完成登入。請重試。',
    denied: '您沒有存取權限。請向網站擁有者要求權限，或使用其他帳戶登入。',
    ended: '您的工作階段已結束。請重新登入。',
    busy: '服務目前無法使用。請稍後再試。',
    details: '無法載入您的資料。請重試。',
    loop: '登入未成功。請檢查裝置的日期和時間，然後重試。',
    network: '無法連線。請檢查您的網路連線，然後重試。',
    timeout: '等待時間過長。請檢查您的網路連線，然後重試。',
    offline: '您已離線。請連線到網際網路，然後重試。',
    storage: '您的瀏覽器未儲存此網站的資料。請在瀏覽器設定中允許，然後重試。',
    popupBlocked: '您的瀏覽器封鎖了登入視窗。請重試，以便在此頁面登入。',
    popupClosed: '登入視窗在您登入之前已關閉。請重試。',
    formMissing: '無法載入登入表單。請重試。',
    formFailed: '登入表單已停止運作。請重新載入頁面，然後重試。',
  },
};
