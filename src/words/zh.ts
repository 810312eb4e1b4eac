import type { Words } from './en.js';

/** Chinese in simplified characters. */
export const words: Words = {
  language: 'zh-Hans',
  labels: {
    'Sign in': '登录',
    'Sign out': '退出登录',
    'Try again': '重试',
    'Verify your identity to see this.': '请验证您的身份以查看此内容。',
    'Verify your identity': '验证身份',
    'We couldn’t verify your identity. Try again.': '无法验证您的身份。请重试。',
    'One moment…': '请稍候…',
  },
  sentences: {
    unavailable: '此页面目前无法登录。请稍后重试。',
    content: '无法加载此内容。',
    unfinished: '无法完成登录。请重试。',
    denied: '您没有访问权限。请向网站所有者申请权限，或使用其他帐户登录。',
    ended: '您的会话已结束。请重新登录。',
    busy: '服务目前不可用。请稍后重试。',
    details: '无法加载您的信息。请重试。',
    loop: '登录未成功。请检查设备的日期和时间，然后重试。',
    network: '无法连接。请检查您的网络连接，然后重试。',
    timeout: '等待时间过长。请检查您的网络连接，然后重试。',
    offline: '您已离线。请连接到互联网，然后重试。',
    storage: '您的浏览器未保存此网站的数据。请在浏览器设置中允许，然后重试。',
    popupBlocked: '您的浏览器拦截了登录窗口。请重试，以便在此页面登录。',
    popupClosed: '登录窗口在您登录之前已关闭。请重试。',
    formMissing: '无法加载登录表单。请重试。',
    formFailed: '登录表单已停止工作。请重新加载页面，然后重试。',
  },
};
