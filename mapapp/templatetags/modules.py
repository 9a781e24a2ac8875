"""`{% preload_modules "js/main.js" language %}`: a module and all that it imports, asked for at once."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from mapapp.modules import needed_by

register = template.Library()


@register.simple_tag
def preload_modules(name: str, language: str) -> SafeString:
    """The links for the head of the page that has the module's script, with the words that it speaks in.

    Of low priority, as the script itself is: what the first paint needs comes before them.
    """
    links = ((static(module),) for module in (*needed_by(name), f"js/words/{language}.js"))
    return format_html_join("\n    ", '<link rel="modulepreload" fetchpriority="low" href="{}">', links)
