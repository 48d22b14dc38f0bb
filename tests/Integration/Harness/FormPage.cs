using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>A page with forms, as a browser without scripts has it: fields keep what the page says until they are filled in.</summary>
internal sealed partial class FormPage
{
    private readonly HttpClient _client;
    private readonly string _address;
    private readonly Dictionary<string, string> _typed = [];

    private FormPage(HttpClient client, string address) => (_client, _address) = (client, address);

    private string _html = "";

    /// <summary>The page as it came last, as a reader sees it.</summary>
    public string Text => Plain(_html);

    public static async Task<FormPage> OpenAsync(TestStreet street, string account, string address, string language = "zh-CN")
    {
        var client = street.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", await street.CookieOf(account));
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        var page = new FormPage(client, address);
        page._html = (await client.Ask(HttpMethod.Get, address)).Text;
        return page;
    }

    /// <summary>As a reader sees it.</summary>
    public static string Plain(string html) => WebUtility.HtmlDecode(html);

    public void Put(string field, string typed) => _typed[field] = typed;

    /// <summary>What a field of the page holds.</summary>
    public string Value(string field) => Fields(_html).First(f => f.Name == field).Value;

    /// <summary>What all fields of one name hold, in their order.</summary>
    public IEnumerable<string> Values(string field) => Fields(_html).Where(f => f.Name == field).Select(f => f.Value);

    /// <summary>What is said beside a field; empty if nothing is.</summary>
    public string Beside(string field) => Plain(Regex.Match(_html, $"<p class=\"field-error\" id=\"{Regex.Escape(field)}-error\">([^<]*)").Groups[1].Value);

    /// <summary>What the page says went wrong; empty if nothing did.</summary>
    public string Error => Plain(Regex.Match(_html, "<div class=\"error-box\"[^>]*><p>([^<]*)").Groups[1].Value);

    public async Task<string> ReloadAsync()
    {
        _html = (await _client.Ask(HttpMethod.Get, _address)).Text;
        return Text;
    }

    /// <summary>Presses a button: its form is sent with every field, and the answer becomes the page.</summary>
    /// <param name="handler">Empty: the form's own.</param>
    public Task<string> SendAsync(string handler, params (string Field, string Typed)[] typed) => SendAsync(handler, null, typed);

    /// <summary>The same, with as many fields of one name as there are values.</summary>
    public async Task<string> SendAsync(string handler, (string Field, string[] Typed) several)
    {
        var fields = Form(handler).Where(f => f.Name != several.Field).Concat(several.Typed.Select(typed => (several.Field, typed)));
        return await SendAsync(handler, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    /// <param name="file">What is chosen as its file.</param>
    public async Task<string> SendAsync(string handler, byte[]? file, params (string Field, string Typed)[] typed)
    {
        foreach (var (field, text) in typed) Put(field, text);
        var fields = Form(handler).Where(f => !_typed.ContainsKey(f.Name)).Concat(_typed.Select(t => (t.Key, t.Value))).ToList();
        _typed.Clear();
        if (file is null) return await SendAsync(handler, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields) parts.Add(new StringContent(value), name);
        parts.Add(new ByteArrayContent(file), "file", "table.csv");
        return await SendAsync(handler, parts);
    }

    private async Task<string> SendAsync(string handler, HttpContent content)
    {
        var answer = await _client.Ask(HttpMethod.Post, handler.Length == 0 ? _address : $"{_address.Split('?')[0]}?handler={handler}", content);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden, $"{handler}: {(int)answer.Status} {answer.Text}");
        _html = answer.Text;
        return Text;
    }

    /// <summary>The fields of the form with this button; with none of the kind, its token alone.</summary>
    private List<(string Name, string Value)> Form(string handler)
    {
        var forms = Forms().Matches(_html).Select(m => m.Value).Where(f => f.Contains("method=\"post\"", StringComparison.Ordinal)).ToList();
        return forms.FindLast(f => handler.Length == 0 ? !f.Contains("handler=", StringComparison.Ordinal) && f.Contains("policy-form", StringComparison.Ordinal) : Regex.IsMatch(f, $"handler={handler}[\"&#]")) is { } form
            ? Fields(form) : [.. Fields(forms[0]).Where(f => f.Name == "__RequestVerificationToken")];
    }

    /// <summary>In the order of the page.</summary>
    private static List<(string Name, string Value)> Fields(string html)
    {
        var fields = new List<(int At, string Name, string Value)>();
        foreach (Match tag in Inputs().Matches(html))
        {
            var (name, type) = (Attribute(tag.Value, "name"), Attribute(tag.Value, "type"));
            if (name is null || type == "file" || (type is "checkbox" or "radio" && !tag.Value.Contains(" checked", StringComparison.Ordinal))) continue;
            fields.Add((tag.Index, name, Attribute(tag.Value, "value") ?? ""));
        }

        foreach (Match area in Areas().Matches(html))
            if (Attribute(area.Value, "name") is { } name) fields.Add((area.Index, name, Plain(area.Groups[1].Value)));
        foreach (Match select in Selects().Matches(html))
        {
            var head = select.Value[..select.Value.IndexOf('>', StringComparison.Ordinal)];
            if (Attribute(head, "name") is not { } name) continue;
            var options = Options().Matches(select.Value).Select(o => o.Value).ToList();
            var chosen = options.Where(o => o.Contains(" selected", StringComparison.Ordinal)).ToList();
            if (head.Contains(" multiple", StringComparison.Ordinal)) fields.AddRange(chosen.Select(o => (select.Index, name, Attribute(o, "value") ?? "")));
            else if (options.Count > 0) fields.Add((select.Index, name, Attribute(chosen.FirstOrDefault() ?? options[0], "value") ?? ""));
        }

        return [.. fields.OrderBy(f => f.At).Select(f => (f.Name, f.Value))];
    }

    private static string? Attribute(string tag, string name) => Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"") is { Success: true } found ? Plain(found.Groups[1].Value) : null;

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Inputs();

    [GeneratedRegex("<select\\b.*?</select>", RegexOptions.Singleline)]
    private static partial Regex Selects();

    [GeneratedRegex("<textarea\\b[^>]*>([^<]*)</textarea>")]
    private static partial Regex Areas();

    [GeneratedRegex("<option\\b[^>]*>")]
    private static partial Regex Options();
}
