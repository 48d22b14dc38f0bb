using DispatchCenter.Contracts;

namespace DispatchCenter.Simulator;

/// <summary>
/// Every way a case can go: the street's exceptions, each played by those who may. A refusal, because a clock was quicker
/// or a node was down, is recorded and leaves the case to its clocks.
/// </summary>
internal static class FieldLives
{
    /// <summary>The length of suspensions, and of the city's deadline.</summary>
    private static readonly TimeSpan _shortPause = TimeSpan.FromSeconds(12);

    private static readonly IReadOnlyDictionary<string, Func<FieldCase, Task>> _stories = new Dictionary<string, Func<FieldCase, Task>>
    {
        ["returned"] = Returned,
        ["reassigned"] = Reassigned,
        ["lead recused"] = async c => { await c.Accept(c.First); await c.Arrive(c.First); await Recuse(c, c.First); await c.Accept(c.Second); await c.Finish(c.Second); },
        ["member recused"] = async c => { await Recuse(c, c.Police); await c.Accept(c.First); await c.Finish(c.First); },
        ["by link"] = async c => { await Called(c, "gas"); await c.Party(c.Community, "party-gas", "attend", "attended"); await Ends(c); },
        ["finished by link"] = async c => { await Called(c, "heating"); await c.Party(c.Community, "party-heating", "finish", "finished"); await Ends(c); },
        ["disclaimed"] = async c => { await Called(c, "housing"); await c.Party(c.Community, "party-housing", "disclaim", "disclaimed"); await c.Order(c.First, "release", "released", new OrderRequest { Answer = "party-housing" }); await Ends(c); },
        ["helped"] = async c => { await HelpCalled(c); await c.Come(c.Helper); await Ends(c); },
        ["not helped"] = async c => { await HelpCalled(c); await c.Order(c.Helper, "cannotCome", "helpDeclined", new OrderRequest()); await Ends(c); },
        ["told the caller"] = async c => { await OnScene(c); await c.Tell(c.First); await Ends(c); },
        ["told to a desk"] = async c => { await Called(c, "water"); await c.Order(c.Community, "attend", "attended", new OrderRequest { Answer = "party-water" }); await Ends(c); },
        ["released"] = async c => { await Called(c, "power"); await c.Order(c.First, "release", "released", new OrderRequest { Answer = "party-power" }); await Ends(c); },
        ["party silent"] = async c => { await Called(c, "lift"); await c.Lapses("resolve"); await c.Order(c.First, "release", "released", new OrderRequest { Answer = "party-lift" }); await Ends(c); },
        ["suspended"] = async c => { await Suspended(c); await c.Until(TimeProvider.System.GetUtcNow() + _shortPause + TimeSpan.FromSeconds(3)); await c.Finish(c.First); },
        ["resumed"] = async c => { await Suspended(c); await c.Order(c.First, "resume", "resumed", new OrderRequest()); await c.Finish(c.First); },
        ["extended"] = async c => { await Asked(c, "extension", true); await c.Finish(c.First); },
        ["not extended"] = async c => { await Asked(c, "extension", false); await c.Finish(c.First); },
        ["declined"] = c => Asked(c, "decline", true),
        ["difficult"] = async c => { await OnScene(c); await c.Order(c.Community, "difficult", "difficult", new OrderRequest()); await Ends(c); },
        ["handed up"] = HandedUp,
        ["child"] = WithChild,
        ["withdrawn"] = async c => { await c.Accept(c.First); await c.Withdraw(); },
        ["merged"] = async c => { if (await c.Blow() is { } twin) await Merge(twin, c); await c.Accept(c.First); await c.Finish(c.First); },
        ["unmerged"] = Unmerged,
        ["me too"] = async c => { await c.Accept(c.First); await c.Blow(joins: true); await c.Withdraw(); await c.Finish(c.First); },
        ["corrected"] = Corrected,
        ["not passed"] = async c => { await OnScene(c); await c.Resolve(c.First); await c.Verify(passed: false); await Ends(c); },
        ["called back"] = async c => { await Verified(c); await Callback(c, "reached", Whats.Evaluated, true); },
        ["called back, not solved"] = async c => { await Verified(c); await Callback(c, "reached", Whats.Reopened, false); await Ends(c); },
        ["no answer"] = async c => { await Verified(c); await Callback(c, "noAnswer", "calledBack"); await c.Evaluate(true, "mostlySatisfied"); },
        ["refused to say"] = async c => { await Verified(c); await Callback(c, "refused", "calledBack"); },
        ["reopened twice"] = ReopenedTwice,
        ["exempt"] = c => Exempt(c, granted: true),
        ["not exempt"] = c => Exempt(c, granted: false),
        ["drill"] = async c => { await c.Accept(c.First); await c.Finish(c.First); await Lives(await c.Blow(c.Community, drill: true)); },
        ["taken down"] = async c => { await c.Accept(c.First); await c.Finish(c.First); await Lives(await c.Blow(c.Community, source: "phone")); },
        ["emergency"] = async c => { await OnScene(c); await c.Order(c.Community, "emergency", "emergencyConfirmed", new OrderRequest { Number = "120" }); await Ends(c); },
        ["late arrival"] = async c => { await c.Accept(c.First); await c.Lapses("arrive"); await c.Finish(c.First); },
        ["taken by the street"] = async c => { await c.Lapses("arrive"); await c.Accept(c.Street); await c.Finish(c.Street); },
    };

    public static IReadOnlyList<string> Names { get; } = [.. _stories.Keys];

    public static Task Live(string story, FieldCase call) => _stories[story](call);

    private static async Task Returned(FieldCase c)
    {
        await c.Accept(c.First);
        await c.Return(c.First, "noPower");
        var next = c.Other ?? c.Community;
        if (c.Other is { } other) await c.Order(c.Community, "designate", "designated", new OrderRequest { Team = other.Me.Team });
        await c.Accept(next);
        await c.Finish(next);
    }

    private static async Task Reassigned(FieldCase c)
    {
        await OnScene(c);
        if (c.Other is not { } other)
        {
            await Ends(c);
            return;
        }

        await c.Order(c.Community, "designate", "designated", new OrderRequest { Team = other.Me.Team });
        await c.Accept(other);
        await c.Finish(other);
    }

    private static async Task HandedUp(FieldCase c)
    {
        await OnScene(c);
        await c.Order(c.Street, "handUp", "handedUp", new OrderRequest { Until = TimeProvider.System.GetUtcNow() + _shortPause });
        await c.Resolve(c.Street);
        await c.Close();
    }

    private static async Task WithChild(FieldCase c)
    {
        await OnScene(c);
        var child = await c.Child(c.First);
        await Ends(c);
        await Lives(child);
    }

    private static async Task Unmerged(FieldCase c)
    {
        var twin = await c.Blow();
        if (twin is not null)
        {
            await Merge(twin, c);
            await twin.Order(c.Community, "unmerge", "unmerged", new OrderRequest());
        }

        await c.Accept(c.First);
        await c.Finish(c.First);
        await Lives(twin);
    }

    private static async Task Corrected(FieldCase c)
    {
        await c.Accept(c.First);
        await c.Order(c.Community, "correct", "corrected", new OrderRequest { Category = c.Whistle.Request.Category == "12" ? "11" : "12", Level = "S2" });
        await c.Finish(c.First);
    }

    private static async Task ReopenedTwice(FieldCase c)
    {
        await Verified(c);
        await c.Evaluate(false, "dissatisfied");
        await c.Resolve(c.First);
        await c.Verify();
        await c.Evaluate(false, "dissatisfied");
        await c.Resolve(c.Community); // the second time, it is led a tier up
        await c.Close();
    }

    private static async Task Exempt(FieldCase c, bool granted)
    {
        await c.Lapses("accept");
        await c.Accept(c.First);
        await c.Finish(c.First);
        await c.Order(c.First, "request", "exemptionAsked", new OrderRequest { Kind = "exemption", Answer = "accept", Reason = "outsideCause" });
        await c.Order(c.Leader, "rule", granted ? "exempted" : "exemptionDenied", new OrderRequest { Kind = "exemption", Answer = "accept", Granted = granted });
    }

    private static async Task OnScene(FieldCase c)
    {
        await c.Accept(c.First);
        await c.Arrive(c.First);
    }

    private static async Task Verified(FieldCase c)
    {
        await OnScene(c);
        await c.Resolve(c.First);
        await c.Verify();
    }

    private static async Task Ends(FieldCase c)
    {
        await c.Resolve(c.First);
        await c.Close();
    }

    private static async Task Called(FieldCase c, string party)
    {
        await OnScene(c);
        await c.Order(c.First, "summon", "summoned", new OrderRequest { Party = party });
    }

    /// <summary>By the lead; a team of another community is the street's to call.</summary>
    private static async Task HelpCalled(FieldCase c)
    {
        await OnScene(c);
        await c.Order(c.Other is null ? c.Street : c.First, "help", "helpCalled", new OrderRequest { Team = c.Helper.Me.Team });
    }

    private static async Task Suspended(FieldCase c)
    {
        await c.Accept(c.First);
        await c.Order(c.First, "request", "requested", new OrderRequest { Kind = "suspension", Until = TimeProvider.System.GetUtcNow() + _shortPause });
        await c.Order(c.Community, "rule", "granted", new OrderRequest { Kind = "suspension", Granted = true });
    }

    private static async Task Asked(FieldCase c, string kind, bool granted)
    {
        await c.Accept(c.First);
        await c.Order(c.First, "request", "requested", new OrderRequest { Kind = kind, Hours = kind == "extension" ? 0.02 : null });
        await c.Order(c.Community, "rule", !granted ? "denied" : kind == "decline" ? "declined" : "granted", new OrderRequest { Kind = kind, Granted = granted });
    }

    private static Task<bool> Recuse(FieldCase c, Session by) => c.Order(by, "recuse", "recused", new OrderRequest());

    private static Task<bool> Merge(FieldCase twin, FieldCase into) => twin.Order(into.Community, "merge", "merged", new OrderRequest { Into = into.No });

    private static Task<bool> Callback(FieldCase c, string result, string what, bool? solved = null) => c.Order(
        c.Street, "callback", what, new OrderRequest { Result = result, Solved = solved, Satisfaction = solved switch { true => "satisfied", false => "dissatisfied", null => null } });

    private static async Task Lives(FieldCase? other)
    {
        if (other is null) return;
        await other.Accept(other.First);
        await other.Finish(other.First);
    }
}
