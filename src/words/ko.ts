import type { Words } from './en.js';

/** Korean. */
export const words: Words = {
  language: 'ko',
  labels: {
    'Sign in': '로그인',
    'Sign out': '로그아웃',
    'Try again': '다시 시도',
    'Verify your identity to see this.': '이 내용을 보려면 본인 확인이 필요합니다.',
    'Verify your identity': '본인 확인',
    'We couldn’t verify your identity. Try again.': '본인 확인을 하지 못했습니다. 다시 시도해 주세요.',
    'One moment…': '잠시만 기다려 주세요…',
  },
  sentences: {
    unavailable: '지금은 이 페이지에서 로그인할 수 없습니다. 나중에 다시 시도해 주세요.',
    content: '이 콘텐츠를 불러올 수 없습니다.',
    unfinished: '로그인을 완료하지 못했습니다. 다시 시도해 주세요.',
    denied: '액세스 권한이 없습니다. 사이트 관리자에게 권한을 요청하거나 다른 계정으로 로그인해 주세요.',
    ended: '세션이 종료되었습니다. 다시 로그인해 주세요.',
    busy: '지금은 서비스를 이용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    details: '사용자 정보를 불러올 수 없습니다. 다시 시도해 주세요.',
    loop: '로그인하지 못했습니다. 기기의 날짜와 시간을 확인한 후 다시 시도해 주세요.',
    network: '연결할 수 없습니다. 인터넷 연결을 확인한 후 다시 시도해 주세요.',
    timeout: '시간이 너무 오래 걸립니다. 인터넷 연결을 확인한 후 다시 시도해 주세요.',
    offline: '오프라인 상태입니다. 인터넷에 연결한 후 다시 시도해 주세요.',
    storage: '브라우저가 이 사이트의 데이터를 저장하지 않습니다. 브라우저 설정에서 허용한 후 다시 시도해 주세요.',
    popupBlocked: '브라우저가 로그인 창을 차단했습니다. 다시 시도하면 이 페이지에서 로그인할 수 있습니다.',
    popupClosed: '로그인하기 전에 창이 닫혔습니다. 다시 시도해 주세요.',
    formMissing: '로그인 양식을 불러올 수 없습니다. 다시 시도해 주세요.',
    formFailed: '로그인 양식이 작동을 멈췄습니다. 페이지를 새로 고친 후 다시 시도해 주세요.',
  },
};
