using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace DispatchCenter.Integration.Harness;

/// <summary>What a person does on the pages.</summary>
public sealed partial class Browser(TestStreet street)
{
    // A jar of its own: the street's clock is not the machine's, by which the library's would drop them.
    private readonly Dictionary<string, string> _cookies = [];

    /// <param name="returnUrl">The page that was asked for.</param>
    /// <returns>Where it leads.</returns>
    public async Task<string> SignInAsync(string user, string returnUrl = "") =>
        await SendAsync("/signin" + returnUrl, "/signin" + returnUrl, new() { ["user"] = user, ["password"] = TestStreet.Password });

    public async Task SignOutAsync() => await SendAsync("/m", "/signout", []);

    /// <summary>A client with the cookies of this browser as they are now, or those of an earlier copy.</summary>
    public HttpClient Copy(HttpClient? earlier = null)
    {
        var client = street.NewClient(new SocketsHttpHandler { UseCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", earlier?.DefaultRequestHeaders.GetValues("Cookie").Single() ?? string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        return client;
    }

    /// <summary>A page, as this browser sees it; a redirect is not followed.</summary>
    public async Task<Answer> ReadAsync(string path)
    {
        using var client = street.NewClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        return await AskAsync(client, HttpMethod.Get, path, null);
    }

    /// <summary>Sends a form of a page.</summary>
    public async Task<Answer> SendFormAsync(string page, string to, Dictionary<string, string> form)
    {
        using var client = street.NewClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        form["__RequestVerificationToken"] = Token().Match((await AskAsync(client, HttpMethod.Get, page, null)).Text).Groups[1].Value;
        return await AskAsync(client, HttpMethod.Post, to, new FormUrlEncodedContent(form));
    }

    private async Task<string> SendAsync(string page, string to, Dictionary<string, string> form)
    {
        var answer = await SendFormAsync(page, to, form);
        Assert.True(answer.Status == HttpStatusCode.Redirect, $"{to}: {(int)answer.Status} {answer.Text}");
        return answer.Headers.Location!.OriginalString;
    }

    private async Task<Answer> AskAsync(HttpClient client, HttpMethod method, string path, HttpContent? content)
    {
        var said = await client.Ask(method, path, content, shape: r =>
        {
            r.Headers.Add("Accept", "text/html");
            if (_cookies.Count > 0) r.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        });
        foreach (var set in said.Headers.TryGetValues("Set-Cookie", out var sets) ? sets : [])
            if (set.Split(';')[0].Split('=', 2) is [var name, var value]) _cookies[name] = value;
        return said;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
