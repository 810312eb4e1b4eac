/** Id of the element the widget is shown in. The rules of its stylesheet are nested below it. */
export const WIDGET_CONTAINER_ID = 'okta-elements-widget';
