using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace DispatchCenter.Browser;

/// <summary>
/// The service worker of a phone's page. A browser without a window is given no pushes and shows no notifications, whatever it was granted: the events, the place where notifications are
/// shown, and the windows that are brought to the front are played, inside the worker.
/// </summary>
internal sealed class PhoneWorker
{
    private const string Play = """
        (() => {
          self.shown = new Map();
          self.asked = [];
          self.work = [];
          ExtendableEvent.prototype.waitUntil = (one) => { self.work.push(one); };
          ServiceWorkerRegistration.prototype.showNotification = async (title, said) => { self.shown.set(said.tag, { ...said, title, close: () => self.shown.delete(said.tag) }); };
          self.clients.openWindow = async (address) => { self.asked.push(`open ${address}`); return null; };
          WindowClient.prototype.focus = async function () { self.asked.push(`focus ${new URL(this.url).pathname}`); return this; };
          WindowClient.prototype.navigate = async function (address) { self.asked.push(`navigate ${address}`); return this; };
        })()
        """;

    private const string Tap = """
        (async () => {
          for (const notification of [...self.shown.values()]) self.dispatchEvent(Object.defineProperty(new ExtendableEvent('notificationclick'), 'notification', { value: notification }));
          await Promise.all(self.work.splice(0));
          return [...self.asked.splice(0), `${self.shown.size} left`].join(', ');
        })()
        """;

    private const string Shown = "[...self.shown.values()].map((one) => `${one.title}|${one.body}`).sort().join(', ')";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ICDPSession _whole;
    private string _session = string.Empty;
    private int _count;

    private PhoneWorker(ICDPSession whole) => _whole = whole;

    /// <summary>That of the phone's page at a host, where one window alone has opened it.</summary>
    public static async Task<PhoneWorker> OfAsync(IBrowser chromium, string url)
    {
        var worker = new PhoneWorker(await chromium.NewBrowserCDPSessionAsync());
        await worker.AttachAsync(url);
        await worker.RunAsync(Play);
        return worker;
    }

    /// <summary>What a push service has carried; what is shown after that, each as its title, a bar and its text.</summary>
    public Task<string> PushAsync(JsonObject said) => RunAsync($$"""
        (async () => {
          self.dispatchEvent(new PushEvent('push', { data: {{JsonValue.Create(said.ToJsonString()).ToJsonString()}} }));
          await Promise.all(self.work.splice(0));
          return {{Shown}};
        })()
        """);

    /// <summary>Taps whatever is shown; what the worker then asks of its browser, and how many are left.</summary>
    public Task<string> TapAsync() => RunAsync(Tap);

    private async Task AttachAsync(string url)
    {
        var targets = (await _whole.SendAsync("Target.getTargets"))!.Value.GetProperty("targetInfos").EnumerateArray();
        var target = targets.Single(t => t.GetProperty("type").GetString() == "service_worker" && t.GetProperty("url").GetString()!.StartsWith(url + "/", StringComparison.Ordinal)).GetProperty("targetId").GetString()!;
        _whole.Event("Target.receivedMessageFromTarget").OnEvent += (_, message) =>
        {
            if (JsonNode.Parse(message!.Value.GetProperty("message").GetString()!) is { } said && (int?)said["id"] is { } id && _asked.TryRemove(id, out var answer)) answer.TrySetResult(said);
        };
        _session = (await _whole.SendAsync("Target.attachToTarget", new() { ["targetId"] = target, ["flatten"] = false }))!.Value.GetProperty("sessionId").GetString()!;
    }

    /// <summary>Runs an expression in the worker, which stays alive as long as somebody is attached to it.</summary>
    private async Task<string> RunAsync(string expression)
    {
        var (id, answer) = (Interlocked.Increment(ref _count), new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously));
        _asked[id] = answer;
        var ask = new JsonObject { ["id"] = id, ["method"] = "Runtime.evaluate", ["params"] = new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true } };
        await _whole.SendAsync("Target.sendMessageToTarget", new() { ["sessionId"] = _session, ["message"] = ask.ToJsonString() });
        var said = await answer.Task.WaitAsync(Patience, TimeProvider.System);
        Assert.True(said["result"]?["exceptionDetails"] is null, said.ToJsonString());
        return (string?)said["result"]?["result"]?["value"] ?? string.Empty;
    }
}
