using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Web.Kernel.Words;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>The status of one step of a case, as the resident reads it.</summary>
/// <param name="Mark">"done", "late" (past its deadline and still owed), "now" or "next".</param>
/// <param name="Line">The sentence beside the title.</param>
/// <param name="Due">Set if the step has a countdown: the promised time.</param>
/// <param name="Left">The time left, or the time overdue; "" without a countdown.</param>
/// <param name="Note">A second sentence, saying that it was late; "" if there is nothing to add.</param>
public sealed record TrackStep(string Title, string Mark, string Line, DateTimeOffset? Due, string Left, string Note);

/// <summary>Turns a case into the steps of its page: the required answers (一应、二应、三应), then verification and evaluation.</summary>
public static class TrackSteps
{
    /// <summary>The key of the headline, which never contradicts what is true for this caller.</summary>
    public static string Headline(TrackedCall call) => call switch
    {
        { Withdrew: true } when !CallState.HasEnded(call.State) => "headline.withdrew",
        { State: CallStates.Verified, NoRating: true } => "headline.checked",
        { State: CallStates.Verified, CanEvaluate: false } => "headline.evaluated",
        { Waits.Code: { } waits } => "headline." + waits,
        _ => "headline." + call.State,
    };

    /// <param name="forCaller">False for a reader who only looks on, and is not the one who evaluates.</param>
    public static IReadOnlyList<TrackStep> Build(TrackedCall call, StreetView street, DateTimeOffset now, Wording words, bool forCaller = true)
    {
        var over = CallState.HasEnded(call.State);
        var current = call.Steps.FirstOrDefault(step => !step.Met && step.Released is not true);
        var steps = call.Steps
            .Select(step => Answer(step, call, street, now, words, isCurrent: step == current && !over, over))
            .ToList();
        if (call.State is CallStates.Withdrawn or CallStates.Declined or CallStates.Merged)
            return steps;

        var resolved = call.State is CallStates.Resolved or CallStates.Verified or CallStates.Closed;
        var verified = call.State is CallStates.Verified or CallStates.Closed;
        steps.Add(new TrackStep(
            words["step.verify"],
            verified ? "done" : resolved ? "now" : "next",
            words[verified ? "step.verified" : resolved ? "step.verifying" : "step.verifyLater"], null, "", ""));
        if (call.Withdrew is true || call.NoRating is true)
            return steps;
        steps.Add(new TrackStep(
            words["step.evaluate"],
            over ? "done" : call.CanEvaluate ? "now" : "next",
            over ? words["step.closed"]
                : !forCaller ? words["family.evaluates"]
                : call.CanEvaluate && call.EvaluateBy is { } by ? words["step.evaluateBy", words.When(by, now)]
                : words["step.evaluateLater"],
            null, "", ""));
        return steps;
    }

    /// <summary>"03 队 网格员": the team and the post, never the person.</summary>
    public static string Who(LeadCard lead, StreetView street, Wording words)
    {
        var post = words["post." + lead.Post];
        if (lead.Team is { } code)
            return street.TeamName(code, words) + " " + post;
        if (lead.Community is { } community)
            return words["post.ofCommunity", street.CommunityName(community, words)];
        return post;
    }

    /// <summary>Who owes a party's answer: a post of the street or a listed party.</summary>
    public static string PartyName(string kind, string code, StreetView street, Wording words) =>
        kind == "acknowledge" && words.Has("post." + code) ? words["post." + code]
        : street.PartyName(code, words);

    private static TrackStep Answer(
        AnswerCard step, TrackedCall call, StreetView street, DateTimeOffset now, Wording words, bool isCurrent, bool over)
    {
        var kind = words.Has("step." + step.Kind) ? step.Kind : "acknowledge";
        // A later answer of the same kind (resolve2, …) is required because the case was reopened.
        var again = step.Kind is not ("attend" or "acknowledge") && char.IsDigit(step.Key[^1]);
        var title = step.Kind is "attend" or "acknowledge"
            ? words[step.Kind == "attend" ? "step.attend" : "step.acknowledgeBy", PartyName(step.Kind, step.Party, street, words)]
            : words["step." + kind] + (again ? words["step.again"] : "");
        if (step.Met)
        {
            var met = step.MetAt ?? step.Due;
            var line = words["done." + kind, words.When(met, now)];
            if (kind == "accept" && call.Lead is { } lead)
                line += words["done.by", Who(lead, street, words)];
            var note = step.Breached && met > step.Due ? words["done.late", words.Span(met - step.Due)] : "";
            return new TrackStep(title, "done", line, null, "", note);
        }

        if (over || step.Released is true)
            return new TrackStep(title, "next", words[over ? "step.notNeeded" : "step.released"], null, "", "");
        if (!step.Breached && (call.SuspendedUntil is not null || call.State == CallStates.HandedUp))
            return new TrackStep(title, isCurrent ? "now" : "next", words["step.still"], null, "", "");
        var late = now > step.Due;
        var promise = words["promise." + kind, words.When(step.Due, now)];
        var left = late ? words["promise.over", words.Span(now - step.Due)] : isCurrent ? words["promise.left", words.Span(step.Due - now)] : "";
        return new TrackStep(title, late ? "late" : isCurrent ? "now" : "next", promise, late || isCurrent ? step.Due : null, left, "");
    }
}
