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
    public string Value(string field) => Fields(_html)[field];

    /// <summary>Presses a button: its form is sent with every field, and the answer becomes the page.</summary>
    public async Task<string> SendAsync(string handler)
    {
        var form = Forms().Matches(_html).Select(m => m.Value).Last(f => Regex.IsMatch(f, $"handler={handler}[\"&#]"));
        var fields = Fields(form);
        foreach (var (field, typed) in _typed) fields[field] = typed;
        _typed.Clear();
        var answer = await _client.Ask(HttpMethod.Post, $"{_address}?handler={handler}", new FormUrlEncodedContent(fields));
        Assert.True(answer.Status == HttpStatusCode.OK, $"{handler}: {(int)answer.Status} {answer.Text}");
        _html = answer.Text;
        return Text;
    }

    private static Dictionary<string, string> Fields(string html)
    {
        var fields = new Dictionary<string, string>();
        foreach (Match tag in Inputs().Matches(html))
        {
            var (name, type) = (Attribute(tag.Value, "name"), Attribute(tag.Value, "type"));
            if (name is null || type == "file" || (type is "checkbox" or "radio" && !tag.Value.Contains(" checked", StringComparison.Ordinal))) continue;
            fields[name] = Attribute(tag.Value, "value") ?? "";
        }

        foreach (Match select in Selects().Matches(html))
            if (Attribute(select.Value[..select.Value.IndexOf('>', StringComparison.Ordinal)], "name") is { } name)
                fields[name] = Options().Matches(select.Value).Select(o => o.Value).ToList() is { Count: > 0 } options ? Attribute(options.Find(o => o.Contains(" selected", StringComparison.Ordinal)) ?? options[0], "value") ?? "" : "";
        return fields;
    }

    private static string? Attribute(string tag, string name) => Regex.Match(tag, $"\\s{name}=\"([^\"]*)\"") is { Success: true } found ? Plain(found.Groups[1].Value) : null;

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Inputs();

    [GeneratedRegex("<select\\b.*?</select>", RegexOptions.Singleline)]
    private static partial Regex Selects();

    [GeneratedRegex("<option\\b[^>]*>")]
    private static partial Regex Options();
}
