using System.Net;
using DispatchCenter.Contracts;
using DispatchCenter.Integration.Harness;
using DispatchCenter.Integration.Matters;
using Xunit;

namespace DispatchCenter.Integration.Stories;

/// <summary>A case with all that can hang on one: a child, a merged and a joined whistle, and an errand that came out of it. Somebody is to see none of it.</summary>
internal sealed class HiddenSet(TestStreet street, string hiddenFrom, string how)
{
    /// <summary>Takes themselves out once all is there.</summary>
    public const string Self = "self";

    /// <summary>Takes themselves out first; all the rest comes afterwards.</summary>
    public const string Early = "early";

    /// <summary>不让物业知道, with the whistle.</summary>
    public const string Caller = "caller";

    /// <summary>A correction to a category that recuses, once all is there.</summary>
    public const string Correction = "correction";

    private readonly string _worker = hiddenFrom == "grid001" ? "police01" : "grid001";
    private readonly List<string> _numbers = [];

    /// <summary>The case itself first.</summary>
    public IReadOnlyList<string> Numbers => _numbers;

    /// <summary>Whether there is a time at which it may still be seen.</summary>
    public bool IsSeenFirst => how is Self or Correction;

    public async Task OpenAsync()
    {
        var hide = how == Caller;
        var (call, other) = (await street.Blow(hide: hide), await street.Blow(hide: hide));
        if (how == Early) await RecuseAsync(call.CallNo);
        _numbers.Add(call.CallNo);
        if (how is Self or Correction) _numbers.Add((await street.Anyone.Send("/api/whistles", new { grid = "001", category = "02", joins = call.CallNo })).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        await street.Do(_worker, call.CallNo, "accept");
        await street.Do(_worker, call.CallNo, "arrive");
        _numbers.Add((await (await street.As(_worker)).Send($"/api/calls/{call.CallNo}/child", new { note = "善后" })).Value<WhistleReceipt>(HttpStatusCode.Created).CallNo);
        await street.Do("duty2", other.CallNo, "merge", new { into = call.CallNo });
        _numbers.Add(other.CallNo);
        _numbers.Add((await new MatterScene(street).Open("grid002", MatterScene.Errand(parent: call.CallNo))).CallNo);
        if (_numbers.Count > 4) Assert.Equal((CallStates.Merged, CallStates.Merged), ((await street.Card(_numbers[1])).State, (await street.Card(_numbers[3])).State));
    }

    /// <summary>From here on it is hidden.</summary>
    public async Task HideAsync()
    {
        if (how == Self) await RecuseAsync(_numbers[0]);
        if (how == Correction) await street.Do("duty2", _numbers[0], "correct", new { category = "23" });
    }

    /// <summary>The case comes to its end.</summary>
    public async Task EndAsync()
    {
        if ((await street.Card(_numbers[0])).Answers.Any(a => a is { Key: "property", Met: false, Required: true })) await street.Do("property01", _numbers[0], "acknowledge", new { answer = "property" });
        await street.Do(_worker, _numbers[0], "resolve", new { report = "好" });
        await street.Do("grid003", _numbers[0], "verify", new { passed = true });
        await street.Do("duty2", _numbers[0], "note", new { note = "完" });
    }

    private async Task RecuseAsync(string no) => Assert.Equal(HttpStatusCode.OK, (await (await street.As(hiddenFrom)).Send($"/api/calls/{no}/recuse", new { })).Status);
}
