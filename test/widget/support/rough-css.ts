import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const bootstrap = createRequire(import.meta.url).resolve('bootstrap/dist/css/bootstrap.css');

/**
 * Stylesheets as found in themes of content management systems, `!important` apart, by what is rough about them; and
 * Bootstrap's own, which has `!important` in its utility classes alone.
 */
export const roughStylesheets = {
  'a reset that goes too far, and a root that makes rem small': `
    html{font-size:62.5%}*{margin:0;padding:0;border:0;box-sizing:content-box;line-height:2;letter-spacing:2px;
    font:italic 20px serif;color:#123456;text-align:right;list-style:square;transition:all 1s;float:left}`,
  'element selectors': `
    input,button,select{width:100%;padding:20px;border:4px solid red;background:yellow;border-radius:0;appearance:none}
    a{color:red;text-decoration:underline wavy;font-size:30px}h1,h2,h3{font-size:60px;text-transform:uppercase;margin:50px}
    label{display:none}form{opacity:.3;max-width:50px}p,span,div{padding:12px;background:pink}img,svg{max-width:10px}
    fieldset{border:3px dotted}legend{float:right}ul,ol,li{list-style:upper-roman inside;margin:30px}table,td,tr{display:flex}
    main,section,header,footer,nav{display:flex;flex-direction:row-reverse;background:#000;min-width:900px}`,
  'class names that the widget shares with everybody': `
    .button,.button-primary{display:inline-block;background:#000;font-size:40px;float:left}.link{display:block;color:lime}
    .clearfix{overflow:scroll}.o-form{border:1px dashed}.hide{display:none}.auth-content{padding:90px}.infobox{color:lime}
    .MuiButton-root{background:lime;border-radius:0}.MuiBox-root{display:inline;padding:40px}.MuiInputBase-input{color:red}`,
  'parts and states of elements': `
    *::before,*::after{content:"!!";color:red;display:block;position:absolute}::placeholder{color:lime}::marker{color:red}
    p::first-letter,li::first-letter,h2::first-letter{font-size:60px;color:red}
    p::first-line,label::first-line{text-transform:uppercase}
    :focus,:hover{outline:9px solid lime;background:lime}:first-child{margin-top:99px}:invalid{box-shadow:0 0 9px red}`,
  'ids, and selectors as heavy as they get in practice': `
    #content input,#content a,#content div,#content #place *{border:4px dotted blue;margin:20px;font-size:40px}
    main#content form input[type],#content div div div{padding:70px}#okta-sign-in{background:red;margin:99px}
    #okta-sign-in.auth-container.main-container .button-primary{background:lime}`,
  'inherited properties, and fonts and animations of the same name': `
    body{font:30px/3 serif;color:red;text-align:center;word-spacing:9px;text-shadow:1px 1px red;cursor:wait;
    quotes:"<" ">";tab-size:9;text-indent:40px;hyphens:auto;-webkit-text-stroke:1px red;-webkit-font-smoothing:none}
    @keyframes load8{to{opacity:0}}@font-face{font-family:okticon;src:local(serif)}@font-face{font-family:Inter;src:local(serif)}`,
  Bootstrap: readFileSync(bootstrap, 'utf8').replace(/^\/\*# sourceMappingURL.*$/m, ''),
} as const;
