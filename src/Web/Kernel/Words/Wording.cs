using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace DispatchCenter.Web.Kernel.Words;

/// <summary>The texts for one request, in its language: <c>?lang=</c>, then the cookie, then Accept-Language, then Chinese.</summary>
public sealed class Wording
{
    private static readonly JsonWriterOptions InScript = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly IReadOnlyDictionary<string, string> _words;

    public Wording(WordBook book, IHttpContextAccessor http)
        : this(book, http.HttpContext is { } context ? LanguageOf(context.Request) : WordBook.Chinese)
    {
    }

    public Wording(WordBook book, string language) => (Language, _words) = (language, book.Of(language));

    /// <summary>The tag for the html element: zh-CN or en.</summary>
    public string Language { get; }

    public bool IsChinese => Language == WordBook.Chinese;

    /// <summary>The text of a key; the key itself if there is none.</summary>
    public string this[string key] => _words.GetValueOrDefault(key, key);

    /// <summary>The text of a key with its placeholders filled.</summary>
    public string this[string key, params object[] parts] => string.Format(CultureInfo.InvariantCulture, this[key], parts);

    public bool Has(string key) => _words.ContainsKey(key);

    /// <summary>Picks a bilingual name in the request's language.</summary>
    public string Pick((string Zh, string En) both) => Pick(both.Zh, both.En);

    public string Pick(string chinese, string english) => IsChinese || english.Length == 0 ? chinese : english;

    /// <summary>The texts whose keys begin with one of the prefixes, as JSON that is safe inside a script element.</summary>
    public string Json(params string[] prefixes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, InScript))
        {
            json.WriteStartObject();
            foreach (var (key, words) in _words.Where(word => prefixes.Any(prefix => word.Key.StartsWith(prefix, StringComparison.Ordinal))))
                json.WriteString(key, words);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string LanguageOf(HttpRequest request) =>
        WordBook.Match(request.Query[LanguageChoice.QueryKey])
        ?? WordBook.Match(request.Cookies[LanguageChoice.CookieName])
        ?? request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => WordBook.Match(range.Value.Value))
            .FirstOrDefault(language => language is not null)
        ?? WordBook.Chinese;
}
