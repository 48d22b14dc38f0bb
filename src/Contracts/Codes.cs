namespace DispatchCenter.Contracts;

/// <summary>The stable codes of replies and problems. Codes are only added, never changed in meaning.</summary>
public static class Codes
{
    public const string Ok = "ok";

    // of a case
    public const string CallNotFound = "call_not_found";
    public const string AlreadyAccepted = "already_accepted";
    public const string AlreadyAnswered = "already_answered";
    public const string OutOfTurn = "out_of_turn";
    public const string CallOver = "call_over";
    public const string WrongTeam = "wrong_team";
    public const string NotOnDuty = "not_on_duty";
    public const string MayNotAccept = "may_not_accept";
    public const string TookPart = "took_part";
    public const string NotGridWorker = "not_grid_worker";
    public const string NoSuchAnswer = "no_such_answer";
    public const string AnswersOwed = "answers_owed";
    public const string ClockMoved = "clock_moved";
    public const string TeamDesignated = "team_designated";
    public const string NotEntitled = "not_entitled";
    public const string TeamUnknown = "team_unknown";
    public const string NobodyOnDuty = "nobody_on_duty";
    public const string PartyUnknown = "party_unknown";
    public const string AlreadyRequested = "already_requested";
    public const string NothingRequested = "nothing_requested";
    public const string OutOfBounds = "out_of_bounds";
    public const string TooLate = "too_late";
    public const string CallSuspended = "call_suspended";
    public const string DesignatedMeanwhile = "designated_meanwhile";
    public const string CannotMerge = "cannot_merge";
    public const string NothingToCorrect = "nothing_to_correct";
    public const string NotBreached = "not_breached";
    public const string NoCaller = "no_caller";

    // of the roster
    public const string ShiftUnknown = "shift_unknown";
    public const string ShiftOver = "shift_over";
    public const string ShiftChanged = "shift_changed";
    public const string ShiftOverlaps = "shift_overlaps";
    public const string ShiftInvalid = "shift_invalid";
    public const string PostUnknown = "post_unknown";
    public const string UnitUnknown = "unit_unknown";
    public const string PatternInvalid = "pattern_invalid";
    public const string DutyTaken = "duty_taken";
    public const string SwapUnknown = "swap_unknown";
    public const string SwapOver = "swap_over";
    public const string SwapUnfit = "swap_unfit";
    public const string PostUnfit = "post_unfit";
    public const string FeedsTooMany = "feeds_too_many";

    // of a request
    public const string BadRequest = "bad_request";
    public const string BadJson = "bad_json";

    /// <summary>A time in the request names no offset from UTC.</summary>
    public const string TimeOffsetMissing = "time_offset_missing";
    public const string BodyTooLarge = "body_too_large";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";

    /// <summary>A page of another origin sent a request with this session's cookie.</summary>
    public const string ForeignOrigin = "foreign_origin";
    public const string HeaderMissing = "header_missing";
    public const string HostUnknown = "host_unknown";
    public const string WrongPassword = "wrong_password";

    /// <summary>The password is right, and the account has a second factor: send the same again with a code.</summary>
    public const string SecondFactorRequired = "second_factor_required";

    /// <summary>The code is wrong, too old, or has been used.</summary>
    public const string SecondFactorWrong = "second_factor_wrong";

    /// <summary>The street requires a second factor of this account, which has none yet: its owner sets it up on the page.</summary>
    public const string SecondFactorNotSetUp = "second_factor_not_set_up";

    /// <summary>The password is right, but every post of the account has been retired.</summary>
    public const string PostRetired = "post_retired";

    /// <summary>A request names a post that the account does not hold, or holds no more.</summary>
    public const string PostNotHeld = "post_not_held";
    public const string LockedOut = "locked_out";
    public const string TooManyRequests = "too_many_requests";
    public const string Busy = "busy";
    public const string Internal = "internal_error";
    public const string IdempotencyKeyInvalid = "idempotency_key_invalid";
    public const string IdempotencyKeyReused = "idempotency_key_reused";

    // of a field
    public const string PlaceMissing = "place_missing";
    public const string StationUnknown = "station_unknown";
    public const string GridUnknown = "grid_unknown";
    public const string LocationOutside = "location_outside";
    public const string CategoryUnknown = "category_unknown";
    public const string SourceUnknown = "source_unknown";
    public const string PhotoUnknown = "photo_unknown";
    public const string PhotoInvalid = "photo_invalid";
    public const string PhotoTooLarge = "photo_too_large";

    /// <summary>The photo upload was too slow; use a better connection or a smaller photo.</summary>
    public const string PhotoTooSlow = "photo_too_slow";
    public const string PhotosTooMany = "photos_too_many";
    public const string StandardUnknown = "standard_unknown";
    public const string TextTooLong = "text_too_long";
    public const string TextMissing = "text_missing";
    public const string ReasonMissing = "reason_missing";
    public const string OrderIncomplete = "order_incomplete";
    public const string LinkUnknown = "link_unknown";
    public const string ReasonUnknown = "reason_unknown";
    public const string SatisfactionUnknown = "satisfaction_unknown";
    public const string TrackingUnknown = "tracking_unknown";
}
