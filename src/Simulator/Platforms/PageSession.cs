using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>A browser that is signed in: 锁屏提醒 belongs to a session, which a token has not.</summary>
internal sealed partial class PageSession : IDisposable
{
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _cookies = [];

    private PageSession(Uri server) => _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = server };

    /// <exception cref="BadInputException">The account or the password is wrong.</exception>
    public static async Task<PageSession> SignInAsync(Uri server, string userName, string password, CancellationToken stop)
    {
        var session = new PageSession(server);
        var page = await session.SendAsync(HttpMethod.Get, "/signin", null, stop);
        var form = new Dictionary<string, string> { ["user"] = userName, ["password"] = password, ["__RequestVerificationToken"] = Token().Match(page.Text).Groups[1].Value };
        var (status, text) = await session.SendAsync(HttpMethod.Post, "/signin", new FormUrlEncodedContent(form), stop);
        return status == HttpStatusCode.Redirect ? session : throw new BadInputException($"{userName} cannot sign in on the page: {(int)status} {text}");
    }

    /// <summary>Hands a phone to the street; whether it was kept.</summary>
    public async Task<bool> KeepAsync(PushRequest phone, CancellationToken stop)
    {
        try
        {
            return (await SendAsync(HttpMethod.Post, "/api/push", JsonContent.Create(phone, ContractsJson.Default.PushRequest), stop)).Status == HttpStatusCode.NoContent;
        }
        catch (Exception e) when (BrokenLine.Is(e, stop))
        {
            return false; // the server was killed
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        using var answer = await _http.SendAsync(request, stop);
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var sets) ? sets : [])
            if (set.Split(';')[0].Split('=', 2) is [var name, var value]) _cookies[name] = value;
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(stop));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Token();
}
