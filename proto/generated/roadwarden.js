/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const roadwarden = $root.roadwarden = (() => {

    /**
     * Namespace roadwarden.
     * @exports roadwarden
     * @namespace
     */
    const roadwarden = {};

    roadwarden.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof roadwarden
         * @namespace
         */
        const v1 = {};

        v1.Envelope = (function() {

            /**
             * Properties of an Envelope.
             * @typedef {Object} roadwarden.v1.Envelope.$Properties
             * @property {number} [epoch] Envelope epoch
             * @property {roadwarden.v1.Stream} [stream] Envelope stream
             * @property {number} [seq] Envelope seq
             * @property {Uint8Array} [prevHash] Envelope prevHash
             * @property {number} [bootCount] Envelope bootCount
             * @property {string} [fleet] Envelope fleet
             * @property {string} [vehicle] Envelope vehicle
             * @property {string} [policyDigest] Envelope policyDigest
             * @property {number} [sealedAtMs] Envelope sealedAtMs
             * @property {roadwarden.v1.Finding.$Properties|null} [finding] Envelope finding
             * @property {roadwarden.v1.Telemetry.$Properties|null} [telemetry] Envelope telemetry
             * @property {roadwarden.v1.Gap.$Properties|null} [gap] Envelope gap
             * @property {roadwarden.v1.DrivingInterval.$Properties|null} [driving] Envelope driving
             * @property {roadwarden.v1.InForce.$Properties|null} [inForce] Envelope inForce
             * @property {roadwarden.v1.Spoken.$Properties|null} [spoken] Envelope spoken
             * @property {"finding"|"telemetry"|"gap"|"driving"|"inForce"|"spoken"} [body] Envelope body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Envelope.
             * @memberof roadwarden.v1
             * @interface IEnvelope
             * @augments roadwarden.v1.Envelope.$Properties
             * @deprecated Use roadwarden.v1.Envelope.$Properties instead.
             */

            /**
             * Narrowed shape of an Envelope.
             * @typedef {{
             *   epoch?: number;
             *   stream?: roadwarden.v1.Stream;
             *   seq?: number;
             *   prevHash?: Uint8Array;
             *   bootCount?: number;
             *   fleet?: string;
             *   vehicle?: string;
             *   policyDigest?: string;
             *   sealedAtMs?: number;
             *   finding?: roadwarden.v1.Finding.$Shape|null;
             *   telemetry?: roadwarden.v1.Telemetry.$Shape|null;
             *   gap?: roadwarden.v1.Gap.$Shape|null;
             *   driving?: roadwarden.v1.DrivingInterval.$Shape|null;
             *   inForce?: roadwarden.v1.InForce.$Shape|null;
             *   spoken?: roadwarden.v1.Spoken.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "finding"; finding: roadwarden.v1.Finding.$Shape; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "telemetry"; finding?: null; telemetry: roadwarden.v1.Telemetry.$Shape; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "gap"; finding?: null; telemetry?: null; gap: roadwarden.v1.Gap.$Shape; driving?: null; inForce?: null; spoken?: null }|{ body?: "driving"; finding?: null; telemetry?: null; gap?: null; driving: roadwarden.v1.DrivingInterval.$Shape; inForce?: null; spoken?: null }|{ body?: "inForce"; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce: roadwarden.v1.InForce.$Shape; spoken?: null }|{ body?: "spoken"; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken: roadwarden.v1.Spoken.$Shape })
             * )} roadwarden.v1.Envelope.$Shape
             */

            /**
             * Constructs a new Envelope.
             * @memberof roadwarden.v1
             * @classdesc Represents an Envelope.
             * @constructor
             * @param {roadwarden.v1.Envelope.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Envelope = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Envelope epoch.
             * @member {number} epoch
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Envelope stream.
             * @member {roadwarden.v1.Stream} stream
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.stream = 0;

            /**
             * Envelope seq.
             * @member {number} seq
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Envelope prevHash.
             * @member {Uint8Array} prevHash
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.prevHash = $util.newBuffer([]);

            /**
             * Envelope bootCount.
             * @member {number} bootCount
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.bootCount = 0;

            /**
             * Envelope fleet.
             * @member {string} fleet
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.fleet = "";

            /**
             * Envelope vehicle.
             * @member {string} vehicle
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.vehicle = "";

            /**
             * Envelope policyDigest.
             * @member {string} policyDigest
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.policyDigest = "";

            /**
             * Envelope sealedAtMs.
             * @member {number} sealedAtMs
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.sealedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Envelope finding.
             * @member {roadwarden.v1.Finding|null} finding
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.finding = null;

            /**
             * Envelope telemetry.
             * @member {roadwarden.v1.Telemetry|null} telemetry
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.telemetry = null;

            /**
             * Envelope gap.
             * @member {roadwarden.v1.Gap|null} gap
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.gap = null;

            /**
             * Envelope driving.
             * @member {roadwarden.v1.DrivingInterval|null} driving
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.driving = null;

            /**
             * Envelope inForce.
             * @member {roadwarden.v1.InForce|null} inForce
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.inForce = null;

            /**
             * Envelope spoken.
             * @member {roadwarden.v1.Spoken|null} spoken
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            Envelope.prototype.spoken = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Envelope body.
             * @member {"finding"|"telemetry"|"gap"|"driving"|"inForce"|"spoken"|undefined} body
             * @memberof roadwarden.v1.Envelope
             * @instance
             */
            $Object.defineProperty(Envelope.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["finding", "telemetry", "gap", "driving", "inForce", "spoken"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link roadwarden.v1.Envelope.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Envelope
             * @static
             * @param {roadwarden.v1.Envelope.$Properties} message Envelope message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Envelope.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.epoch);
                if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && message.stream !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.stream);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.seq);
                if (message.prevHash != null && $Object.hasOwnProperty.call(message, "prevHash") && message.prevHash.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.prevHash);
                if (message.bootCount != null && $Object.hasOwnProperty.call(message, "bootCount") && message.bootCount !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.bootCount);
                if (message.fleet != null && $Object.hasOwnProperty.call(message, "fleet") && message.fleet !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.fleet);
                if (message.vehicle != null && $Object.hasOwnProperty.call(message, "vehicle") && message.vehicle !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.vehicle);
                if (message.policyDigest != null && $Object.hasOwnProperty.call(message, "policyDigest") && message.policyDigest !== "")
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.policyDigest);
                if (message.sealedAtMs != null && $Object.hasOwnProperty.call(message, "sealedAtMs") && (typeof message.sealedAtMs === "object" ? message.sealedAtMs.low || message.sealedAtMs.high : message.sealedAtMs !== 0))
                    writer.uint32(/* id 9, wireType 0 =*/72).int64(message.sealedAtMs);
                if (message.finding != null && $Object.hasOwnProperty.call(message, "finding"))
                    $root.roadwarden.v1.Finding.encode(message.finding, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.telemetry != null && $Object.hasOwnProperty.call(message, "telemetry"))
                    $root.roadwarden.v1.Telemetry.encode(message.telemetry, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.gap != null && $Object.hasOwnProperty.call(message, "gap"))
                    $root.roadwarden.v1.Gap.encode(message.gap, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.driving != null && $Object.hasOwnProperty.call(message, "driving"))
                    $root.roadwarden.v1.DrivingInterval.encode(message.driving, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.inForce != null && $Object.hasOwnProperty.call(message, "inForce"))
                    $root.roadwarden.v1.InForce.encode(message.inForce, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
                if (message.spoken != null && $Object.hasOwnProperty.call(message, "spoken"))
                    $root.roadwarden.v1.Spoken.encode(message.spoken, writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Envelope
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Envelope & roadwarden.v1.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Envelope.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Envelope();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.stream = value;
                            else
                                delete message.stream;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.prevHash = value;
                            else
                                delete message.prevHash;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bootCount = value;
                            else
                                delete message.bootCount;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fleet = value;
                            else
                                delete message.fleet;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.vehicle = value;
                            else
                                delete message.vehicle;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.policyDigest = value;
                            else
                                delete message.policyDigest;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.sealedAtMs = value;
                            else
                                delete message.sealedAtMs;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.finding = $root.roadwarden.v1.Finding.decode(reader, reader.size(), $undefined, _depth + 1, message.finding);
                            message.body = "finding";
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.telemetry = $root.roadwarden.v1.Telemetry.decode(reader, reader.size(), $undefined, _depth + 1, message.telemetry);
                            message.body = "telemetry";
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.gap = $root.roadwarden.v1.Gap.decode(reader, reader.size(), $undefined, _depth + 1, message.gap);
                            message.body = "gap";
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.driving = $root.roadwarden.v1.DrivingInterval.decode(reader, reader.size(), $undefined, _depth + 1, message.driving);
                            message.body = "driving";
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.inForce = $root.roadwarden.v1.InForce.decode(reader, reader.size(), $undefined, _depth + 1, message.inForce);
                            message.body = "inForce";
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.spoken = $root.roadwarden.v1.Spoken.decode(reader, reader.size(), $undefined, _depth + 1, message.spoken);
                            message.body = "spoken";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Envelope;
        })();

        /**
         * Stream enum.
         * @name roadwarden.v1.Stream
         * @enum {number}
         * @property {number} STREAM_UNSPECIFIED=0 STREAM_UNSPECIFIED value
         * @property {number} ALARM=1 ALARM value
         * @property {number} TELEMETRY=2 TELEMETRY value
         */
        v1.Stream = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "STREAM_UNSPECIFIED"] = 0;
            values[valuesById[1] = "ALARM"] = 1;
            values[valuesById[2] = "TELEMETRY"] = 2;
            return values;
        })();

        /**
         * Phase enum.
         * @name roadwarden.v1.Phase
         * @enum {number}
         * @property {number} PHASE_UNSPECIFIED=0 PHASE_UNSPECIFIED value
         * @property {number} STARTED=1 STARTED value
         * @property {number} UPDATED=2 UPDATED value
         * @property {number} ENDED=3 ENDED value
         */
        v1.Phase = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "PHASE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "STARTED"] = 1;
            values[valuesById[2] = "UPDATED"] = 2;
            values[valuesById[3] = "ENDED"] = 3;
            return values;
        })();

        /**
         * Severity enum.
         * @name roadwarden.v1.Severity
         * @enum {number}
         * @property {number} SEVERITY_UNSPECIFIED=0 SEVERITY_UNSPECIFIED value
         * @property {number} INFO=1 INFO value
         * @property {number} MINOR=2 MINOR value
         * @property {number} MAJOR=3 MAJOR value
         * @property {number} CRITICAL=4 CRITICAL value
         */
        v1.Severity = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "SEVERITY_UNSPECIFIED"] = 0;
            values[valuesById[1] = "INFO"] = 1;
            values[valuesById[2] = "MINOR"] = 2;
            values[valuesById[3] = "MAJOR"] = 3;
            values[valuesById[4] = "CRITICAL"] = 4;
            return values;
        })();

        /**
         * Grade enum.
         * @name roadwarden.v1.Grade
         * @enum {number}
         * @property {number} GRADE_UNSPECIFIED=0 GRADE_UNSPECIFIED value
         * @property {number} SUFFICIENT=1 SUFFICIENT value
         * @property {number} TO_VERIFY=2 TO_VERIFY value
         */
        v1.Grade = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "GRADE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "SUFFICIENT"] = 1;
            values[valuesById[2] = "TO_VERIFY"] = 2;
            return values;
        })();

        v1.Place = (function() {

            /**
             * Properties of a Place.
             * @typedef {Object} roadwarden.v1.Place.$Properties
             * @property {number} [latE7] Place latE7
             * @property {number} [lonE7] Place lonE7
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Place.
             * @memberof roadwarden.v1
             * @interface IPlace
             * @augments roadwarden.v1.Place.$Properties
             * @deprecated Use roadwarden.v1.Place.$Properties instead.
             */

            /**
             * Shape of a Place.
             * @typedef {roadwarden.v1.Place.$Properties} roadwarden.v1.Place.$Shape
             */

            /**
             * Constructs a new Place.
             * @memberof roadwarden.v1
             * @classdesc Represents a Place.
             * @constructor
             * @param {roadwarden.v1.Place.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Place = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Place latE7.
             * @member {number} latE7
             * @memberof roadwarden.v1.Place
             * @instance
             */
            Place.prototype.latE7 = 0;

            /**
             * Place lonE7.
             * @member {number} lonE7
             * @memberof roadwarden.v1.Place
             * @instance
             */
            Place.prototype.lonE7 = 0;

            /**
             * Encodes the specified Place message. Does not implicitly {@link roadwarden.v1.Place.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Place
             * @static
             * @param {roadwarden.v1.Place.$Properties} message Place message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Place.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.latE7 != null && $Object.hasOwnProperty.call(message, "latE7") && message.latE7 !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).sint32(message.latE7);
                if (message.lonE7 != null && $Object.hasOwnProperty.call(message, "lonE7") && message.lonE7 !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).sint32(message.lonE7);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Place message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Place
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Place & roadwarden.v1.Place.$Shape} Place
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Place.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Place();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.sint32())
                                message.latE7 = value;
                            else
                                delete message.latE7;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.sint32())
                                message.lonE7 = value;
                            else
                                delete message.lonE7;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Place;
        })();

        v1.Finding = (function() {

            /**
             * Properties of a Finding.
             * @typedef {Object} roadwarden.v1.Finding.$Properties
             * @property {string} [findingId] Finding findingId
             * @property {string} [kind] Finding kind
             * @property {string} [reason] Finding reason
             * @property {roadwarden.v1.Phase} [phase] Finding phase
             * @property {string} [subject] Finding subject
             * @property {roadwarden.v1.Severity} [severity] Finding severity
             * @property {roadwarden.v1.Grade} [grade] Finding grade
             * @property {number} [atMs] Finding atMs
             * @property {number} [decidedAtMs] Finding decidedAtMs
             * @property {roadwarden.v1.Place.$Properties} [place] Finding place
             * @property {string} [driver] Finding driver
             * @property {string} [trip] Finding trip
             * @property {string} [ruleId] Finding ruleId
             * @property {number} [ruleVersion] Finding ruleVersion
             * @property {string} [evidenceJson] Finding evidenceJson
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Finding.
             * @memberof roadwarden.v1
             * @interface IFinding
             * @augments roadwarden.v1.Finding.$Properties
             * @deprecated Use roadwarden.v1.Finding.$Properties instead.
             */

            /**
             * Shape of a Finding.
             * @typedef {roadwarden.v1.Finding.$Properties} roadwarden.v1.Finding.$Shape
             */

            /**
             * Constructs a new Finding.
             * @memberof roadwarden.v1
             * @classdesc Represents a Finding.
             * @constructor
             * @param {roadwarden.v1.Finding.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Finding = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Finding findingId.
             * @member {string} findingId
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.findingId = "";

            /**
             * Finding kind.
             * @member {string} kind
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.kind = "";

            /**
             * Finding reason.
             * @member {string} reason
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.reason = "";

            /**
             * Finding phase.
             * @member {roadwarden.v1.Phase} phase
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.phase = 0;

            /**
             * Finding subject.
             * @member {string} subject
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.subject = "";

            /**
             * Finding severity.
             * @member {roadwarden.v1.Severity} severity
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.severity = 0;

            /**
             * Finding grade.
             * @member {roadwarden.v1.Grade} grade
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.grade = 0;

            /**
             * Finding atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Finding decidedAtMs.
             * @member {number} decidedAtMs
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.decidedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Finding place.
             * @member {roadwarden.v1.Place} place
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.place = null;

            /**
             * Finding driver.
             * @member {string} driver
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.driver = "";

            /**
             * Finding trip.
             * @member {string} trip
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.trip = "";

            /**
             * Finding ruleId.
             * @member {string} ruleId
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.ruleId = "";

            /**
             * Finding ruleVersion.
             * @member {number} ruleVersion
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.ruleVersion = 0;

            /**
             * Finding evidenceJson.
             * @member {string} evidenceJson
             * @memberof roadwarden.v1.Finding
             * @instance
             */
            Finding.prototype.evidenceJson = "";

            /**
             * Encodes the specified Finding message. Does not implicitly {@link roadwarden.v1.Finding.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Finding
             * @static
             * @param {roadwarden.v1.Finding.$Properties} message Finding message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Finding.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.findingId != null && $Object.hasOwnProperty.call(message, "findingId") && message.findingId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.findingId);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.kind);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.phase);
                if (message.subject != null && $Object.hasOwnProperty.call(message, "subject") && message.subject !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.subject);
                if (message.severity != null && $Object.hasOwnProperty.call(message, "severity") && message.severity !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).int32(message.severity);
                if (message.grade != null && $Object.hasOwnProperty.call(message, "grade") && message.grade !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).int32(message.grade);
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 8, wireType 0 =*/64).int64(message.atMs);
                if (message.decidedAtMs != null && $Object.hasOwnProperty.call(message, "decidedAtMs") && (typeof message.decidedAtMs === "object" ? message.decidedAtMs.low || message.decidedAtMs.high : message.decidedAtMs !== 0))
                    writer.uint32(/* id 9, wireType 0 =*/72).int64(message.decidedAtMs);
                if (message.place != null && $Object.hasOwnProperty.call(message, "place"))
                    $root.roadwarden.v1.Place.encode(message.place, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.driver != null && $Object.hasOwnProperty.call(message, "driver") && message.driver !== "")
                    writer.uint32(/* id 11, wireType 2 =*/90).string(message.driver);
                if (message.trip != null && $Object.hasOwnProperty.call(message, "trip") && message.trip !== "")
                    writer.uint32(/* id 12, wireType 2 =*/98).string(message.trip);
                if (message.ruleId != null && $Object.hasOwnProperty.call(message, "ruleId") && message.ruleId !== "")
                    writer.uint32(/* id 13, wireType 2 =*/106).string(message.ruleId);
                if (message.ruleVersion != null && $Object.hasOwnProperty.call(message, "ruleVersion") && message.ruleVersion !== 0)
                    writer.uint32(/* id 14, wireType 0 =*/112).uint32(message.ruleVersion);
                if (message.evidenceJson != null && $Object.hasOwnProperty.call(message, "evidenceJson") && message.evidenceJson !== "")
                    writer.uint32(/* id 15, wireType 2 =*/122).string(message.evidenceJson);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Finding message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Finding
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Finding & roadwarden.v1.Finding.$Shape} Finding
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Finding.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Finding();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.findingId = value;
                            else
                                delete message.findingId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.phase = value;
                            else
                                delete message.phase;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subject = value;
                            else
                                delete message.subject;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.severity = value;
                            else
                                delete message.severity;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.grade = value;
                            else
                                delete message.grade;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.decidedAtMs = value;
                            else
                                delete message.decidedAtMs;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.place = $root.roadwarden.v1.Place.decode(reader, reader.size(), $undefined, _depth + 1, message.place);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.driver = value;
                            else
                                delete message.driver;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.trip = value;
                            else
                                delete message.trip;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ruleId = value;
                            else
                                delete message.ruleId;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.ruleVersion = value;
                            else
                                delete message.ruleVersion;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.evidenceJson = value;
                            else
                                delete message.evidenceJson;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Finding;
        })();

        v1.Telemetry = (function() {

            /**
             * Properties of a Telemetry.
             * @typedef {Object} roadwarden.v1.Telemetry.$Properties
             * @property {Array.<number>} [atMs] Telemetry atMs
             * @property {roadwarden.v1.Column.$Properties} [latE7] Telemetry latE7
             * @property {roadwarden.v1.Column.$Properties} [lonE7] Telemetry lonE7
             * @property {roadwarden.v1.Column.$Properties} [speedCkmh] Telemetry speedCkmh
             * @property {roadwarden.v1.Column.$Properties} [courseDdeg] Telemetry courseDdeg
             * @property {roadwarden.v1.Column.$Properties} [odometer_5m] Telemetry odometer_5m
             * @property {roadwarden.v1.Column.$Properties} [accuracyDm] Telemetry accuracyDm
             * @property {roadwarden.v1.Column.$Properties} [satellites] Telemetry satellites
             * @property {roadwarden.v1.Column.$Properties} [speedSource] Telemetry speedSource
             * @property {roadwarden.v1.Column.$Properties} [speedAgreement] Telemetry speedAgreement
             * @property {roadwarden.v1.Column.$Properties} [ignition] Telemetry ignition
             * @property {roadwarden.v1.Column.$Properties} [doorOpen] Telemetry doorOpen
             * @property {roadwarden.v1.Column.$Properties} [untrusted] Telemetry untrusted
             * @property {roadwarden.v1.Column.$Properties} [clockStepMs] Telemetry clockStepMs
             * @property {roadwarden.v1.Column.$Properties} [driver] Telemetry driver
             * @property {roadwarden.v1.Column.$Properties} [coDriver] Telemetry coDriver
             * @property {Array.<string>} [drivers] Telemetry drivers
             * @property {roadwarden.v1.Column.$Properties} [brake] Telemetry brake
             * @property {roadwarden.v1.Column.$Properties} [positionRefused] Telemetry positionRefused
             * @property {Array.<roadwarden.v1.Sky.$Properties>} [sky] Telemetry sky
             * @property {roadwarden.v1.Outlook.$Properties} [outlook] Telemetry outlook
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Telemetry.
             * @memberof roadwarden.v1
             * @interface ITelemetry
             * @augments roadwarden.v1.Telemetry.$Properties
             * @deprecated Use roadwarden.v1.Telemetry.$Properties instead.
             */

            /**
             * Shape of a Telemetry.
             * @typedef {roadwarden.v1.Telemetry.$Properties} roadwarden.v1.Telemetry.$Shape
             */

            /**
             * Constructs a new Telemetry.
             * @memberof roadwarden.v1
             * @classdesc Represents a Telemetry.
             * @constructor
             * @param {roadwarden.v1.Telemetry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Telemetry = function (properties) {
                this.atMs = [];
                this.drivers = [];
                this.sky = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Telemetry atMs.
             * @member {Array.<number>} atMs
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.atMs = $util.emptyArray;

            /**
             * Telemetry latE7.
             * @member {roadwarden.v1.Column} latE7
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.latE7 = null;

            /**
             * Telemetry lonE7.
             * @member {roadwarden.v1.Column} lonE7
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.lonE7 = null;

            /**
             * Telemetry speedCkmh.
             * @member {roadwarden.v1.Column} speedCkmh
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.speedCkmh = null;

            /**
             * Telemetry courseDdeg.
             * @member {roadwarden.v1.Column} courseDdeg
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.courseDdeg = null;

            /**
             * Telemetry odometer_5m.
             * @member {roadwarden.v1.Column} odometer_5m
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.odometer_5m = null;

            /**
             * Telemetry accuracyDm.
             * @member {roadwarden.v1.Column} accuracyDm
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.accuracyDm = null;

            /**
             * Telemetry satellites.
             * @member {roadwarden.v1.Column} satellites
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.satellites = null;

            /**
             * Telemetry speedSource.
             * @member {roadwarden.v1.Column} speedSource
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.speedSource = null;

            /**
             * Telemetry speedAgreement.
             * @member {roadwarden.v1.Column} speedAgreement
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.speedAgreement = null;

            /**
             * Telemetry ignition.
             * @member {roadwarden.v1.Column} ignition
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.ignition = null;

            /**
             * Telemetry doorOpen.
             * @member {roadwarden.v1.Column} doorOpen
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.doorOpen = null;

            /**
             * Telemetry untrusted.
             * @member {roadwarden.v1.Column} untrusted
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.untrusted = null;

            /**
             * Telemetry clockStepMs.
             * @member {roadwarden.v1.Column} clockStepMs
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.clockStepMs = null;

            /**
             * Telemetry driver.
             * @member {roadwarden.v1.Column} driver
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.driver = null;

            /**
             * Telemetry coDriver.
             * @member {roadwarden.v1.Column} coDriver
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.coDriver = null;

            /**
             * Telemetry drivers.
             * @member {Array.<string>} drivers
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.drivers = $util.emptyArray;

            /**
             * Telemetry brake.
             * @member {roadwarden.v1.Column} brake
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.brake = null;

            /**
             * Telemetry positionRefused.
             * @member {roadwarden.v1.Column} positionRefused
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.positionRefused = null;

            /**
             * Telemetry sky.
             * @member {Array.<roadwarden.v1.Sky>} sky
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.sky = $util.emptyArray;

            /**
             * Telemetry outlook.
             * @member {roadwarden.v1.Outlook} outlook
             * @memberof roadwarden.v1.Telemetry
             * @instance
             */
            Telemetry.prototype.outlook = null;

            /**
             * Encodes the specified Telemetry message. Does not implicitly {@link roadwarden.v1.Telemetry.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Telemetry
             * @static
             * @param {roadwarden.v1.Telemetry.$Properties} message Telemetry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Telemetry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.atMs != null && message.atMs.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).sint64s(message.atMs);
                if (message.latE7 != null && $Object.hasOwnProperty.call(message, "latE7"))
                    $root.roadwarden.v1.Column.encode(message.latE7, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.lonE7 != null && $Object.hasOwnProperty.call(message, "lonE7"))
                    $root.roadwarden.v1.Column.encode(message.lonE7, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.speedCkmh != null && $Object.hasOwnProperty.call(message, "speedCkmh"))
                    $root.roadwarden.v1.Column.encode(message.speedCkmh, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.courseDdeg != null && $Object.hasOwnProperty.call(message, "courseDdeg"))
                    $root.roadwarden.v1.Column.encode(message.courseDdeg, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.odometer_5m != null && $Object.hasOwnProperty.call(message, "odometer_5m"))
                    $root.roadwarden.v1.Column.encode(message.odometer_5m, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.accuracyDm != null && $Object.hasOwnProperty.call(message, "accuracyDm"))
                    $root.roadwarden.v1.Column.encode(message.accuracyDm, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.satellites != null && $Object.hasOwnProperty.call(message, "satellites"))
                    $root.roadwarden.v1.Column.encode(message.satellites, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.speedSource != null && $Object.hasOwnProperty.call(message, "speedSource"))
                    $root.roadwarden.v1.Column.encode(message.speedSource, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.speedAgreement != null && $Object.hasOwnProperty.call(message, "speedAgreement"))
                    $root.roadwarden.v1.Column.encode(message.speedAgreement, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.ignition != null && $Object.hasOwnProperty.call(message, "ignition"))
                    $root.roadwarden.v1.Column.encode(message.ignition, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.doorOpen != null && $Object.hasOwnProperty.call(message, "doorOpen"))
                    $root.roadwarden.v1.Column.encode(message.doorOpen, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.untrusted != null && $Object.hasOwnProperty.call(message, "untrusted"))
                    $root.roadwarden.v1.Column.encode(message.untrusted, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.clockStepMs != null && $Object.hasOwnProperty.call(message, "clockStepMs"))
                    $root.roadwarden.v1.Column.encode(message.clockStepMs, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
                if (message.driver != null && $Object.hasOwnProperty.call(message, "driver"))
                    $root.roadwarden.v1.Column.encode(message.driver, writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
                if (message.coDriver != null && $Object.hasOwnProperty.call(message, "coDriver"))
                    $root.roadwarden.v1.Column.encode(message.coDriver, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
                if (message.drivers != null && message.drivers.length)
                    for (let i = 0; i < message.drivers.length; ++i)
                        writer.uint32(/* id 17, wireType 2 =*/138).string(message.drivers[i]);
                if (message.brake != null && $Object.hasOwnProperty.call(message, "brake"))
                    $root.roadwarden.v1.Column.encode(message.brake, writer.uint32(/* id 18, wireType 2 =*/146).fork(), _depth + 1).ldelim();
                if (message.positionRefused != null && $Object.hasOwnProperty.call(message, "positionRefused"))
                    $root.roadwarden.v1.Column.encode(message.positionRefused, writer.uint32(/* id 19, wireType 2 =*/154).fork(), _depth + 1).ldelim();
                if (message.sky != null && message.sky.length)
                    for (let i = 0; i < message.sky.length; ++i)
                        $root.roadwarden.v1.Sky.encode(message.sky[i], writer.uint32(/* id 20, wireType 2 =*/162).fork(), _depth + 1).ldelim();
                if (message.outlook != null && $Object.hasOwnProperty.call(message, "outlook"))
                    $root.roadwarden.v1.Outlook.encode(message.outlook, writer.uint32(/* id 21, wireType 2 =*/170).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Telemetry message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Telemetry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Telemetry & roadwarden.v1.Telemetry.$Shape} Telemetry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Telemetry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Telemetry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.atMs && message.atMs.length))
                                    message.atMs = [];
                                reader.sint64s(message.atMs);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.atMs && message.atMs.length))
                                message.atMs = [];
                            message.atMs.push(reader.sint64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.latE7 = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.latE7);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.lonE7 = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.lonE7);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.speedCkmh = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.speedCkmh);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.courseDdeg = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.courseDdeg);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.odometer_5m = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.odometer_5m);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.accuracyDm = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.accuracyDm);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.satellites = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.satellites);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.speedSource = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.speedSource);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.speedAgreement = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.speedAgreement);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.ignition = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.ignition);
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.doorOpen = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.doorOpen);
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.untrusted = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.untrusted);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.clockStepMs = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.clockStepMs);
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.driver = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.driver);
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.coDriver = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.coDriver);
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if (!(message.drivers && message.drivers.length))
                                message.drivers = [];
                            message.drivers.push(reader.stringVerify());
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.brake = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.brake);
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.positionRefused = $root.roadwarden.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1, message.positionRefused);
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sky && message.sky.length))
                                message.sky = [];
                            message.sky.push($root.roadwarden.v1.Sky.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            message.outlook = $root.roadwarden.v1.Outlook.decode(reader, reader.size(), $undefined, _depth + 1, message.outlook);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Telemetry;
        })();

        v1.Outlook = (function() {

            /**
             * Properties of an Outlook.
             * @typedef {Object} roadwarden.v1.Outlook.$Properties
             * @property {number} [atMs] Outlook atMs
             * @property {string} [driver] Outlook driver
             * @property {boolean} [confirmed] Outlook confirmed
             * @property {roadwarden.v1.Left.$Properties} [continuousDay] Outlook continuousDay
             * @property {roadwarden.v1.Left.$Properties} [continuousNight] Outlook continuousNight
             * @property {roadwarden.v1.Left.$Properties} [rolling_24h] Outlook rolling_24h
             * @property {roadwarden.v1.Left.$Properties} [rolling_7d] Outlook rolling_7d
             * @property {Array.<roadwarden.v1.DrivingInterval.$Properties>} [driving] Outlook driving
             * @property {number|null} [unknownLimitShare] Outlook unknownLimitShare
             * @property {roadwarden.v1.RouteProgress.$Properties} [route] Outlook route
             * @property {Array.<roadwarden.v1.SafeStop.$Properties>} [safeStops] Outlook safeStops
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Outlook.
             * @memberof roadwarden.v1
             * @interface IOutlook
             * @augments roadwarden.v1.Outlook.$Properties
             * @deprecated Use roadwarden.v1.Outlook.$Properties instead.
             */

            /**
             * Shape of an Outlook.
             * @typedef {roadwarden.v1.Outlook.$Properties} roadwarden.v1.Outlook.$Shape
             */

            /**
             * Constructs a new Outlook.
             * @memberof roadwarden.v1
             * @classdesc Represents an Outlook.
             * @constructor
             * @param {roadwarden.v1.Outlook.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Outlook = function (properties) {
                this.driving = [];
                this.safeStops = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Outlook atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Outlook driver.
             * @member {string} driver
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.driver = "";

            /**
             * Outlook confirmed.
             * @member {boolean} confirmed
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.confirmed = false;

            /**
             * Outlook continuousDay.
             * @member {roadwarden.v1.Left} continuousDay
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.continuousDay = null;

            /**
             * Outlook continuousNight.
             * @member {roadwarden.v1.Left} continuousNight
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.continuousNight = null;

            /**
             * Outlook rolling_24h.
             * @member {roadwarden.v1.Left} rolling_24h
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.rolling_24h = null;

            /**
             * Outlook rolling_7d.
             * @member {roadwarden.v1.Left} rolling_7d
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.rolling_7d = null;

            /**
             * Outlook driving.
             * @member {Array.<roadwarden.v1.DrivingInterval>} driving
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.driving = $util.emptyArray;

            /**
             * Outlook unknownLimitShare.
             * @member {number|null} unknownLimitShare
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.unknownLimitShare = null;

            /**
             * Outlook route.
             * @member {roadwarden.v1.RouteProgress} route
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.route = null;

            /**
             * Outlook safeStops.
             * @member {Array.<roadwarden.v1.SafeStop>} safeStops
             * @memberof roadwarden.v1.Outlook
             * @instance
             */
            Outlook.prototype.safeStops = $util.emptyArray;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Outlook.prototype, "_unknownLimitShare", {
                get: $util.oneOfGetter($oneOfFields = ["unknownLimitShare"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Outlook message. Does not implicitly {@link roadwarden.v1.Outlook.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Outlook
             * @static
             * @param {roadwarden.v1.Outlook.$Properties} message Outlook message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Outlook.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).int64(message.atMs);
                if (message.driver != null && $Object.hasOwnProperty.call(message, "driver") && message.driver !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.driver);
                if (message.confirmed != null && $Object.hasOwnProperty.call(message, "confirmed") && message.confirmed !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.confirmed);
                if (message.continuousDay != null && $Object.hasOwnProperty.call(message, "continuousDay"))
                    $root.roadwarden.v1.Left.encode(message.continuousDay, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.continuousNight != null && $Object.hasOwnProperty.call(message, "continuousNight"))
                    $root.roadwarden.v1.Left.encode(message.continuousNight, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.rolling_24h != null && $Object.hasOwnProperty.call(message, "rolling_24h"))
                    $root.roadwarden.v1.Left.encode(message.rolling_24h, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.rolling_7d != null && $Object.hasOwnProperty.call(message, "rolling_7d"))
                    $root.roadwarden.v1.Left.encode(message.rolling_7d, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.driving != null && message.driving.length)
                    for (let i = 0; i < message.driving.length; ++i)
                        $root.roadwarden.v1.DrivingInterval.encode(message.driving[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.unknownLimitShare != null && $Object.hasOwnProperty.call(message, "unknownLimitShare"))
                    writer.uint32(/* id 9, wireType 1 =*/73).double(message.unknownLimitShare);
                if (message.route != null && $Object.hasOwnProperty.call(message, "route"))
                    $root.roadwarden.v1.RouteProgress.encode(message.route, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.safeStops != null && message.safeStops.length)
                    for (let i = 0; i < message.safeStops.length; ++i)
                        $root.roadwarden.v1.SafeStop.encode(message.safeStops[i], writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Outlook message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Outlook
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Outlook & roadwarden.v1.Outlook.$Shape} Outlook
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Outlook.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Outlook();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.driver = value;
                            else
                                delete message.driver;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.confirmed = value;
                            else
                                delete message.confirmed;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.continuousDay = $root.roadwarden.v1.Left.decode(reader, reader.size(), $undefined, _depth + 1, message.continuousDay);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.continuousNight = $root.roadwarden.v1.Left.decode(reader, reader.size(), $undefined, _depth + 1, message.continuousNight);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.rolling_24h = $root.roadwarden.v1.Left.decode(reader, reader.size(), $undefined, _depth + 1, message.rolling_24h);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.rolling_7d = $root.roadwarden.v1.Left.decode(reader, reader.size(), $undefined, _depth + 1, message.rolling_7d);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.driving && message.driving.length))
                                message.driving = [];
                            message.driving.push($root.roadwarden.v1.DrivingInterval.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 9: {
                            if (wireType !== 1)
                                break;
                            message.unknownLimitShare = reader.double();
                            message._unknownLimitShare = "unknownLimitShare";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.route = $root.roadwarden.v1.RouteProgress.decode(reader, reader.size(), $undefined, _depth + 1, message.route);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if (!(message.safeStops && message.safeStops.length))
                                message.safeStops = [];
                            message.safeStops.push($root.roadwarden.v1.SafeStop.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Outlook;
        })();

        v1.Left = (function() {

            /**
             * Properties of a Left.
             * @typedef {Object} roadwarden.v1.Left.$Properties
             * @property {number} [provenS] Left provenS
             * @property {number} [cautiousS] Left cautiousS
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Left.
             * @memberof roadwarden.v1
             * @interface ILeft
             * @augments roadwarden.v1.Left.$Properties
             * @deprecated Use roadwarden.v1.Left.$Properties instead.
             */

            /**
             * Shape of a Left.
             * @typedef {roadwarden.v1.Left.$Properties} roadwarden.v1.Left.$Shape
             */

            /**
             * Constructs a new Left.
             * @memberof roadwarden.v1
             * @classdesc Represents a Left.
             * @constructor
             * @param {roadwarden.v1.Left.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Left = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Left provenS.
             * @member {number} provenS
             * @memberof roadwarden.v1.Left
             * @instance
             */
            Left.prototype.provenS = 0;

            /**
             * Left cautiousS.
             * @member {number} cautiousS
             * @memberof roadwarden.v1.Left
             * @instance
             */
            Left.prototype.cautiousS = 0;

            /**
             * Encodes the specified Left message. Does not implicitly {@link roadwarden.v1.Left.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Left
             * @static
             * @param {roadwarden.v1.Left.$Properties} message Left message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Left.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.provenS != null && $Object.hasOwnProperty.call(message, "provenS") && message.provenS !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.provenS);
                if (message.cautiousS != null && $Object.hasOwnProperty.call(message, "cautiousS") && message.cautiousS !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.cautiousS);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Left message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Left
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Left & roadwarden.v1.Left.$Shape} Left
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Left.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Left();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.provenS = value;
                            else
                                delete message.provenS;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.cautiousS = value;
                            else
                                delete message.cautiousS;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Left;
        })();

        v1.RouteProgress = (function() {

            /**
             * Properties of a RouteProgress.
             * @typedef {Object} roadwarden.v1.RouteProgress.$Properties
             * @property {string} [routeId] RouteProgress routeId
             * @property {number} [alongM] RouteProgress alongM
             * @property {number} [remainingM] RouteProgress remainingM
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteProgress.
             * @memberof roadwarden.v1
             * @interface IRouteProgress
             * @augments roadwarden.v1.RouteProgress.$Properties
             * @deprecated Use roadwarden.v1.RouteProgress.$Properties instead.
             */

            /**
             * Shape of a RouteProgress.
             * @typedef {roadwarden.v1.RouteProgress.$Properties} roadwarden.v1.RouteProgress.$Shape
             */

            /**
             * Constructs a new RouteProgress.
             * @memberof roadwarden.v1
             * @classdesc Represents a RouteProgress.
             * @constructor
             * @param {roadwarden.v1.RouteProgress.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteProgress = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteProgress routeId.
             * @member {string} routeId
             * @memberof roadwarden.v1.RouteProgress
             * @instance
             */
            RouteProgress.prototype.routeId = "";

            /**
             * RouteProgress alongM.
             * @member {number} alongM
             * @memberof roadwarden.v1.RouteProgress
             * @instance
             */
            RouteProgress.prototype.alongM = 0;

            /**
             * RouteProgress remainingM.
             * @member {number} remainingM
             * @memberof roadwarden.v1.RouteProgress
             * @instance
             */
            RouteProgress.prototype.remainingM = 0;

            /**
             * Encodes the specified RouteProgress message. Does not implicitly {@link roadwarden.v1.RouteProgress.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.RouteProgress
             * @static
             * @param {roadwarden.v1.RouteProgress.$Properties} message RouteProgress message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteProgress.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.routeId != null && $Object.hasOwnProperty.call(message, "routeId") && message.routeId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.routeId);
                if (message.alongM != null && $Object.hasOwnProperty.call(message, "alongM") && message.alongM !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.alongM);
                if (message.remainingM != null && $Object.hasOwnProperty.call(message, "remainingM") && message.remainingM !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.remainingM);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteProgress message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.RouteProgress
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.RouteProgress & roadwarden.v1.RouteProgress.$Shape} RouteProgress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteProgress.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.RouteProgress();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.routeId = value;
                            else
                                delete message.routeId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.alongM = value;
                            else
                                delete message.alongM;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.remainingM = value;
                            else
                                delete message.remainingM;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteProgress;
        })();

        v1.SafeStop = (function() {

            /**
             * Properties of a SafeStop.
             * @typedef {Object} roadwarden.v1.SafeStop.$Properties
             * @property {string} [areaId] SafeStop areaId
             * @property {string} [area] SafeStop area
             * @property {string} [role] SafeStop role
             * @property {number} [km] SafeStop km
             * @property {number|null} [etaMs] SafeStop etaMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SafeStop.
             * @memberof roadwarden.v1
             * @interface ISafeStop
             * @augments roadwarden.v1.SafeStop.$Properties
             * @deprecated Use roadwarden.v1.SafeStop.$Properties instead.
             */

            /**
             * Shape of a SafeStop.
             * @typedef {roadwarden.v1.SafeStop.$Properties} roadwarden.v1.SafeStop.$Shape
             */

            /**
             * Constructs a new SafeStop.
             * @memberof roadwarden.v1
             * @classdesc Represents a SafeStop.
             * @constructor
             * @param {roadwarden.v1.SafeStop.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SafeStop = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SafeStop areaId.
             * @member {string} areaId
             * @memberof roadwarden.v1.SafeStop
             * @instance
             */
            SafeStop.prototype.areaId = "";

            /**
             * SafeStop area.
             * @member {string} area
             * @memberof roadwarden.v1.SafeStop
             * @instance
             */
            SafeStop.prototype.area = "";

            /**
             * SafeStop role.
             * @member {string} role
             * @memberof roadwarden.v1.SafeStop
             * @instance
             */
            SafeStop.prototype.role = "";

            /**
             * SafeStop km.
             * @member {number} km
             * @memberof roadwarden.v1.SafeStop
             * @instance
             */
            SafeStop.prototype.km = 0;

            /**
             * SafeStop etaMs.
             * @member {number|null} etaMs
             * @memberof roadwarden.v1.SafeStop
             * @instance
             */
            SafeStop.prototype.etaMs = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SafeStop.prototype, "_etaMs", {
                get: $util.oneOfGetter($oneOfFields = ["etaMs"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified SafeStop message. Does not implicitly {@link roadwarden.v1.SafeStop.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.SafeStop
             * @static
             * @param {roadwarden.v1.SafeStop.$Properties} message SafeStop message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SafeStop.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.areaId != null && $Object.hasOwnProperty.call(message, "areaId") && message.areaId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.areaId);
                if (message.area != null && $Object.hasOwnProperty.call(message, "area") && message.area !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.area);
                if (message.role != null && $Object.hasOwnProperty.call(message, "role") && message.role !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.role);
                if (message.km != null && $Object.hasOwnProperty.call(message, "km") && !$Object.is(message.km, 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).double(message.km);
                if (message.etaMs != null && $Object.hasOwnProperty.call(message, "etaMs"))
                    writer.uint32(/* id 5, wireType 0 =*/40).int64(message.etaMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SafeStop message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.SafeStop
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.SafeStop & roadwarden.v1.SafeStop.$Shape} SafeStop
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SafeStop.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.SafeStop();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.areaId = value;
                            else
                                delete message.areaId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.area = value;
                            else
                                delete message.area;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.role = value;
                            else
                                delete message.role;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.km = value;
                            else
                                delete message.km;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.etaMs = reader.int64();
                            message._etaMs = "etaMs";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SafeStop;
        })();

        v1.Sky = (function() {

            /**
             * Properties of a Sky.
             * @typedef {Object} roadwarden.v1.Sky.$Properties
             * @property {number} [row] Sky row
             * @property {Array.<roadwarden.v1.SkySystem.$Properties>} [systems] Sky systems
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Sky.
             * @memberof roadwarden.v1
             * @interface ISky
             * @augments roadwarden.v1.Sky.$Properties
             * @deprecated Use roadwarden.v1.Sky.$Properties instead.
             */

            /**
             * Shape of a Sky.
             * @typedef {roadwarden.v1.Sky.$Properties} roadwarden.v1.Sky.$Shape
             */

            /**
             * Constructs a new Sky.
             * @memberof roadwarden.v1
             * @classdesc Represents a Sky.
             * @constructor
             * @param {roadwarden.v1.Sky.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Sky = function (properties) {
                this.systems = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Sky row.
             * @member {number} row
             * @memberof roadwarden.v1.Sky
             * @instance
             */
            Sky.prototype.row = 0;

            /**
             * Sky systems.
             * @member {Array.<roadwarden.v1.SkySystem>} systems
             * @memberof roadwarden.v1.Sky
             * @instance
             */
            Sky.prototype.systems = $util.emptyArray;

            /**
             * Encodes the specified Sky message. Does not implicitly {@link roadwarden.v1.Sky.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Sky
             * @static
             * @param {roadwarden.v1.Sky.$Properties} message Sky message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Sky.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.row != null && $Object.hasOwnProperty.call(message, "row") && message.row !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.row);
                if (message.systems != null && message.systems.length)
                    for (let i = 0; i < message.systems.length; ++i)
                        $root.roadwarden.v1.SkySystem.encode(message.systems[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Sky message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Sky
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Sky & roadwarden.v1.Sky.$Shape} Sky
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Sky.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Sky();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.row = value;
                            else
                                delete message.row;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.systems && message.systems.length))
                                message.systems = [];
                            message.systems.push($root.roadwarden.v1.SkySystem.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Sky;
        })();

        v1.SkySystem = (function() {

            /**
             * Properties of a SkySystem.
             * @typedef {Object} roadwarden.v1.SkySystem.$Properties
             * @property {number} [system] SkySystem system
             * @property {number|null} [used] SkySystem used
             * @property {number|null} [inView] SkySystem inView
             * @property {number|null} [snrDb] SkySystem snrDb
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SkySystem.
             * @memberof roadwarden.v1
             * @interface ISkySystem
             * @augments roadwarden.v1.SkySystem.$Properties
             * @deprecated Use roadwarden.v1.SkySystem.$Properties instead.
             */

            /**
             * Shape of a SkySystem.
             * @typedef {roadwarden.v1.SkySystem.$Properties} roadwarden.v1.SkySystem.$Shape
             */

            /**
             * Constructs a new SkySystem.
             * @memberof roadwarden.v1
             * @classdesc Represents a SkySystem.
             * @constructor
             * @param {roadwarden.v1.SkySystem.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SkySystem = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SkySystem system.
             * @member {number} system
             * @memberof roadwarden.v1.SkySystem
             * @instance
             */
            SkySystem.prototype.system = 0;

            /**
             * SkySystem used.
             * @member {number|null} used
             * @memberof roadwarden.v1.SkySystem
             * @instance
             */
            SkySystem.prototype.used = null;

            /**
             * SkySystem inView.
             * @member {number|null} inView
             * @memberof roadwarden.v1.SkySystem
             * @instance
             */
            SkySystem.prototype.inView = null;

            /**
             * SkySystem snrDb.
             * @member {number|null} snrDb
             * @memberof roadwarden.v1.SkySystem
             * @instance
             */
            SkySystem.prototype.snrDb = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SkySystem.prototype, "_used", {
                get: $util.oneOfGetter($oneOfFields = ["used"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SkySystem.prototype, "_inView", {
                get: $util.oneOfGetter($oneOfFields = ["inView"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(SkySystem.prototype, "_snrDb", {
                get: $util.oneOfGetter($oneOfFields = ["snrDb"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified SkySystem message. Does not implicitly {@link roadwarden.v1.SkySystem.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.SkySystem
             * @static
             * @param {roadwarden.v1.SkySystem.$Properties} message SkySystem message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SkySystem.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.system != null && $Object.hasOwnProperty.call(message, "system") && message.system !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.system);
                if (message.used != null && $Object.hasOwnProperty.call(message, "used"))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.used);
                if (message.inView != null && $Object.hasOwnProperty.call(message, "inView"))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.inView);
                if (message.snrDb != null && $Object.hasOwnProperty.call(message, "snrDb"))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.snrDb);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SkySystem message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.SkySystem
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.SkySystem & roadwarden.v1.SkySystem.$Shape} SkySystem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SkySystem.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.SkySystem();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.system = value;
                            else
                                delete message.system;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.used = reader.uint32();
                            message._used = "used";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.inView = reader.uint32();
                            message._inView = "inView";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.snrDb = reader.uint32();
                            message._snrDb = "snrDb";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SkySystem;
        })();

        v1.Column = (function() {

            /**
             * Properties of a Column.
             * @typedef {Object} roadwarden.v1.Column.$Properties
             * @property {Uint8Array} [has] Column has
             * @property {Array.<number>} [values] Column values
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Column.
             * @memberof roadwarden.v1
             * @interface IColumn
             * @augments roadwarden.v1.Column.$Properties
             * @deprecated Use roadwarden.v1.Column.$Properties instead.
             */

            /**
             * Shape of a Column.
             * @typedef {roadwarden.v1.Column.$Properties} roadwarden.v1.Column.$Shape
             */

            /**
             * Constructs a new Column.
             * @memberof roadwarden.v1
             * @classdesc Represents a Column.
             * @constructor
             * @param {roadwarden.v1.Column.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Column = function (properties) {
                this.values = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Column has.
             * @member {Uint8Array} has
             * @memberof roadwarden.v1.Column
             * @instance
             */
            Column.prototype.has = $util.newBuffer([]);

            /**
             * Column values.
             * @member {Array.<number>} values
             * @memberof roadwarden.v1.Column
             * @instance
             */
            Column.prototype.values = $util.emptyArray;

            /**
             * Encodes the specified Column message. Does not implicitly {@link roadwarden.v1.Column.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Column
             * @static
             * @param {roadwarden.v1.Column.$Properties} message Column message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Column.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.has != null && $Object.hasOwnProperty.call(message, "has") && message.has.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.has);
                if (message.values != null && message.values.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).sint64s(message.values);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Column message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Column
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Column & roadwarden.v1.Column.$Shape} Column
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Column.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Column();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.has = value;
                            else
                                delete message.has;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.values && message.values.length))
                                    message.values = [];
                                reader.sint64s(message.values);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.sint64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Column;
        })();

        v1.Gap = (function() {

            /**
             * Properties of a Gap.
             * @typedef {Object} roadwarden.v1.Gap.$Properties
             * @property {string} ["class"] Gap class
             * @property {number} [firstSeq] Gap firstSeq
             * @property {number} [lastSeq] Gap lastSeq
             * @property {number} [count] Gap count
             * @property {number} [fromMs] Gap fromMs
             * @property {number} [toMs] Gap toMs
             * @property {string} [reason] Gap reason
             * @property {Uint8Array} [firstHash] Gap firstHash
             * @property {Uint8Array} [lastHash] Gap lastHash
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Gap.
             * @memberof roadwarden.v1
             * @interface IGap
             * @augments roadwarden.v1.Gap.$Properties
             * @deprecated Use roadwarden.v1.Gap.$Properties instead.
             */

            /**
             * Shape of a Gap.
             * @typedef {roadwarden.v1.Gap.$Properties} roadwarden.v1.Gap.$Shape
             */

            /**
             * Constructs a new Gap.
             * @memberof roadwarden.v1
             * @classdesc Represents a Gap.
             * @constructor
             * @param {roadwarden.v1.Gap.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Gap = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Gap class.
             * @member {string} class
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype["class"] = "";

            /**
             * Gap firstSeq.
             * @member {number} firstSeq
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap lastSeq.
             * @member {number} lastSeq
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.lastSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap count.
             * @member {number} count
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap fromMs.
             * @member {number} fromMs
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.fromMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Gap toMs.
             * @member {number} toMs
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.toMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Gap reason.
             * @member {string} reason
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.reason = "";

            /**
             * Gap firstHash.
             * @member {Uint8Array} firstHash
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.firstHash = $util.newBuffer([]);

            /**
             * Gap lastHash.
             * @member {Uint8Array} lastHash
             * @memberof roadwarden.v1.Gap
             * @instance
             */
            Gap.prototype.lastHash = $util.newBuffer([]);

            /**
             * Encodes the specified Gap message. Does not implicitly {@link roadwarden.v1.Gap.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Gap
             * @static
             * @param {roadwarden.v1.Gap.$Properties} message Gap message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Gap.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message["class"] != null && $Object.hasOwnProperty.call(message, "class") && message["class"] !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message["class"]);
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.firstSeq);
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq") && (typeof message.lastSeq === "object" ? message.lastSeq.low || message.lastSeq.high : message.lastSeq !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.lastSeq);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.count);
                if (message.fromMs != null && $Object.hasOwnProperty.call(message, "fromMs") && (typeof message.fromMs === "object" ? message.fromMs.low || message.fromMs.high : message.fromMs !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).int64(message.fromMs);
                if (message.toMs != null && $Object.hasOwnProperty.call(message, "toMs") && (typeof message.toMs === "object" ? message.toMs.low || message.toMs.high : message.toMs !== 0))
                    writer.uint32(/* id 6, wireType 0 =*/48).int64(message.toMs);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.reason);
                if (message.firstHash != null && $Object.hasOwnProperty.call(message, "firstHash") && message.firstHash.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.firstHash);
                if (message.lastHash != null && $Object.hasOwnProperty.call(message, "lastHash") && message.lastHash.length)
                    writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.lastHash);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Gap
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Gap & roadwarden.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Gap.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Gap();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message["class"] = value;
                            else
                                delete message["class"];
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstSeq = value;
                            else
                                delete message.firstSeq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastSeq = value;
                            else
                                delete message.lastSeq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.fromMs = value;
                            else
                                delete message.fromMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.toMs = value;
                            else
                                delete message.toMs;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.firstHash = value;
                            else
                                delete message.firstHash;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.lastHash = value;
                            else
                                delete message.lastHash;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Gap;
        })();

        v1.DrivingInterval = (function() {

            /**
             * Properties of a DrivingInterval.
             * @typedef {Object} roadwarden.v1.DrivingInterval.$Properties
             * @property {string} [driver] DrivingInterval driver
             * @property {number} [fromMs] DrivingInterval fromMs
             * @property {number} [toMs] DrivingInterval toMs
             * @property {boolean} [proven] DrivingInterval proven
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DrivingInterval.
             * @memberof roadwarden.v1
             * @interface IDrivingInterval
             * @augments roadwarden.v1.DrivingInterval.$Properties
             * @deprecated Use roadwarden.v1.DrivingInterval.$Properties instead.
             */

            /**
             * Shape of a DrivingInterval.
             * @typedef {roadwarden.v1.DrivingInterval.$Properties} roadwarden.v1.DrivingInterval.$Shape
             */

            /**
             * Constructs a new DrivingInterval.
             * @memberof roadwarden.v1
             * @classdesc Represents a DrivingInterval.
             * @constructor
             * @param {roadwarden.v1.DrivingInterval.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DrivingInterval = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DrivingInterval driver.
             * @member {string} driver
             * @memberof roadwarden.v1.DrivingInterval
             * @instance
             */
            DrivingInterval.prototype.driver = "";

            /**
             * DrivingInterval fromMs.
             * @member {number} fromMs
             * @memberof roadwarden.v1.DrivingInterval
             * @instance
             */
            DrivingInterval.prototype.fromMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * DrivingInterval toMs.
             * @member {number} toMs
             * @memberof roadwarden.v1.DrivingInterval
             * @instance
             */
            DrivingInterval.prototype.toMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * DrivingInterval proven.
             * @member {boolean} proven
             * @memberof roadwarden.v1.DrivingInterval
             * @instance
             */
            DrivingInterval.prototype.proven = false;

            /**
             * Encodes the specified DrivingInterval message. Does not implicitly {@link roadwarden.v1.DrivingInterval.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.DrivingInterval
             * @static
             * @param {roadwarden.v1.DrivingInterval.$Properties} message DrivingInterval message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DrivingInterval.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.driver != null && $Object.hasOwnProperty.call(message, "driver") && message.driver !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.driver);
                if (message.fromMs != null && $Object.hasOwnProperty.call(message, "fromMs") && (typeof message.fromMs === "object" ? message.fromMs.low || message.fromMs.high : message.fromMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.fromMs);
                if (message.toMs != null && $Object.hasOwnProperty.call(message, "toMs") && (typeof message.toMs === "object" ? message.toMs.low || message.toMs.high : message.toMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.toMs);
                if (message.proven != null && $Object.hasOwnProperty.call(message, "proven") && message.proven !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.proven);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DrivingInterval message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.DrivingInterval
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.DrivingInterval & roadwarden.v1.DrivingInterval.$Shape} DrivingInterval
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DrivingInterval.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.DrivingInterval();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.driver = value;
                            else
                                delete message.driver;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.fromMs = value;
                            else
                                delete message.fromMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.toMs = value;
                            else
                                delete message.toMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.proven = value;
                            else
                                delete message.proven;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DrivingInterval;
        })();

        v1.Ack = (function() {

            /**
             * Properties of an Ack.
             * @typedef {Object} roadwarden.v1.Ack.$Properties
             * @property {number} [epoch] Ack epoch
             * @property {roadwarden.v1.StreamAck.$Properties} [alarm] Ack alarm
             * @property {roadwarden.v1.StreamAck.$Properties} [telemetry] Ack telemetry
             * @property {Array.<roadwarden.v1.Nack.$Properties>} [nacks] Ack nacks
             * @property {number} [rate] Ack rate
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Ack.
             * @memberof roadwarden.v1
             * @interface IAck
             * @augments roadwarden.v1.Ack.$Properties
             * @deprecated Use roadwarden.v1.Ack.$Properties instead.
             */

            /**
             * Shape of an Ack.
             * @typedef {roadwarden.v1.Ack.$Properties} roadwarden.v1.Ack.$Shape
             */

            /**
             * Constructs a new Ack.
             * @memberof roadwarden.v1
             * @classdesc Represents an Ack.
             * @constructor
             * @param {roadwarden.v1.Ack.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Ack = function (properties) {
                this.nacks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Ack epoch.
             * @member {number} epoch
             * @memberof roadwarden.v1.Ack
             * @instance
             */
            Ack.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Ack alarm.
             * @member {roadwarden.v1.StreamAck} alarm
             * @memberof roadwarden.v1.Ack
             * @instance
             */
            Ack.prototype.alarm = null;

            /**
             * Ack telemetry.
             * @member {roadwarden.v1.StreamAck} telemetry
             * @memberof roadwarden.v1.Ack
             * @instance
             */
            Ack.prototype.telemetry = null;

            /**
             * Ack nacks.
             * @member {Array.<roadwarden.v1.Nack>} nacks
             * @memberof roadwarden.v1.Ack
             * @instance
             */
            Ack.prototype.nacks = $util.emptyArray;

            /**
             * Ack rate.
             * @member {number} rate
             * @memberof roadwarden.v1.Ack
             * @instance
             */
            Ack.prototype.rate = 0;

            /**
             * Encodes the specified Ack message. Does not implicitly {@link roadwarden.v1.Ack.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Ack
             * @static
             * @param {roadwarden.v1.Ack.$Properties} message Ack message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Ack.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.epoch);
                if (message.alarm != null && $Object.hasOwnProperty.call(message, "alarm"))
                    $root.roadwarden.v1.StreamAck.encode(message.alarm, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.telemetry != null && $Object.hasOwnProperty.call(message, "telemetry"))
                    $root.roadwarden.v1.StreamAck.encode(message.telemetry, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.nacks != null && message.nacks.length)
                    for (let i = 0; i < message.nacks.length; ++i)
                        $root.roadwarden.v1.Nack.encode(message.nacks[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.rate != null && $Object.hasOwnProperty.call(message, "rate") && !$Object.is(message.rate, 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).double(message.rate);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Ack message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Ack
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Ack & roadwarden.v1.Ack.$Shape} Ack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Ack.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Ack();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.alarm = $root.roadwarden.v1.StreamAck.decode(reader, reader.size(), $undefined, _depth + 1, message.alarm);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.telemetry = $root.roadwarden.v1.StreamAck.decode(reader, reader.size(), $undefined, _depth + 1, message.telemetry);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.nacks && message.nacks.length))
                                message.nacks = [];
                            message.nacks.push($root.roadwarden.v1.Nack.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.rate = value;
                            else
                                delete message.rate;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Ack;
        })();

        v1.StreamAck = (function() {

            /**
             * Properties of a StreamAck.
             * @typedef {Object} roadwarden.v1.StreamAck.$Properties
             * @property {number} [upto] StreamAck upto
             * @property {Array.<roadwarden.v1.Range.$Properties>} [ranges] StreamAck ranges
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StreamAck.
             * @memberof roadwarden.v1
             * @interface IStreamAck
             * @augments roadwarden.v1.StreamAck.$Properties
             * @deprecated Use roadwarden.v1.StreamAck.$Properties instead.
             */

            /**
             * Shape of a StreamAck.
             * @typedef {roadwarden.v1.StreamAck.$Properties} roadwarden.v1.StreamAck.$Shape
             */

            /**
             * Constructs a new StreamAck.
             * @memberof roadwarden.v1
             * @classdesc Represents a StreamAck.
             * @constructor
             * @param {roadwarden.v1.StreamAck.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StreamAck = function (properties) {
                this.ranges = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StreamAck upto.
             * @member {number} upto
             * @memberof roadwarden.v1.StreamAck
             * @instance
             */
            StreamAck.prototype.upto = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * StreamAck ranges.
             * @member {Array.<roadwarden.v1.Range>} ranges
             * @memberof roadwarden.v1.StreamAck
             * @instance
             */
            StreamAck.prototype.ranges = $util.emptyArray;

            /**
             * Encodes the specified StreamAck message. Does not implicitly {@link roadwarden.v1.StreamAck.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.StreamAck
             * @static
             * @param {roadwarden.v1.StreamAck.$Properties} message StreamAck message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StreamAck.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.upto != null && $Object.hasOwnProperty.call(message, "upto") && (typeof message.upto === "object" ? message.upto.low || message.upto.high : message.upto !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.upto);
                if (message.ranges != null && message.ranges.length)
                    for (let i = 0; i < message.ranges.length; ++i)
                        $root.roadwarden.v1.Range.encode(message.ranges[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StreamAck message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.StreamAck
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.StreamAck & roadwarden.v1.StreamAck.$Shape} StreamAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StreamAck.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.StreamAck();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.upto = value;
                            else
                                delete message.upto;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.ranges && message.ranges.length))
                                message.ranges = [];
                            message.ranges.push($root.roadwarden.v1.Range.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StreamAck;
        })();

        v1.Range = (function() {

            /**
             * Properties of a Range.
             * @typedef {Object} roadwarden.v1.Range.$Properties
             * @property {number} [first] Range first
             * @property {number} [last] Range last
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Range.
             * @memberof roadwarden.v1
             * @interface IRange
             * @augments roadwarden.v1.Range.$Properties
             * @deprecated Use roadwarden.v1.Range.$Properties instead.
             */

            /**
             * Shape of a Range.
             * @typedef {roadwarden.v1.Range.$Properties} roadwarden.v1.Range.$Shape
             */

            /**
             * Constructs a new Range.
             * @memberof roadwarden.v1
             * @classdesc Represents a Range.
             * @constructor
             * @param {roadwarden.v1.Range.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Range = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Range first.
             * @member {number} first
             * @memberof roadwarden.v1.Range
             * @instance
             */
            Range.prototype.first = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Range last.
             * @member {number} last
             * @memberof roadwarden.v1.Range
             * @instance
             */
            Range.prototype.last = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Range message. Does not implicitly {@link roadwarden.v1.Range.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Range
             * @static
             * @param {roadwarden.v1.Range.$Properties} message Range message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Range.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.first != null && $Object.hasOwnProperty.call(message, "first") && (typeof message.first === "object" ? message.first.low || message.first.high : message.first !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.first);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last") && (typeof message.last === "object" ? message.last.low || message.last.high : message.last !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.last);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Range message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Range
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Range & roadwarden.v1.Range.$Shape} Range
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Range.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Range();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.first = value;
                            else
                                delete message.first;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.last = value;
                            else
                                delete message.last;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Range;
        })();

        v1.Nack = (function() {

            /**
             * Properties of a Nack.
             * @typedef {Object} roadwarden.v1.Nack.$Properties
             * @property {roadwarden.v1.Stream} [stream] Nack stream
             * @property {number} [seq] Nack seq
             * @property {string} [reason] Nack reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Nack.
             * @memberof roadwarden.v1
             * @interface INack
             * @augments roadwarden.v1.Nack.$Properties
             * @deprecated Use roadwarden.v1.Nack.$Properties instead.
             */

            /**
             * Shape of a Nack.
             * @typedef {roadwarden.v1.Nack.$Properties} roadwarden.v1.Nack.$Shape
             */

            /**
             * Constructs a new Nack.
             * @memberof roadwarden.v1
             * @classdesc Represents a Nack.
             * @constructor
             * @param {roadwarden.v1.Nack.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Nack = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Nack stream.
             * @member {roadwarden.v1.Stream} stream
             * @memberof roadwarden.v1.Nack
             * @instance
             */
            Nack.prototype.stream = 0;

            /**
             * Nack seq.
             * @member {number} seq
             * @memberof roadwarden.v1.Nack
             * @instance
             */
            Nack.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Nack reason.
             * @member {string} reason
             * @memberof roadwarden.v1.Nack
             * @instance
             */
            Nack.prototype.reason = "";

            /**
             * Encodes the specified Nack message. Does not implicitly {@link roadwarden.v1.Nack.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Nack
             * @static
             * @param {roadwarden.v1.Nack.$Properties} message Nack message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Nack.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.stream != null && $Object.hasOwnProperty.call(message, "stream") && message.stream !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.stream);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.seq);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Nack message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Nack
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Nack & roadwarden.v1.Nack.$Shape} Nack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Nack.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Nack();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.stream = value;
                            else
                                delete message.stream;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Nack;
        })();

        v1.DocumentPart = (function() {

            /**
             * Properties of a DocumentPart.
             * @typedef {Object} roadwarden.v1.DocumentPart.$Properties
             * @property {number} [version] DocumentPart version
             * @property {string} [digest] DocumentPart digest
             * @property {number} [part] DocumentPart part
             * @property {number} [parts] DocumentPart parts
             * @property {Uint8Array} [content] DocumentPart content
             * @property {Uint8Array} [signature] DocumentPart signature
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DocumentPart.
             * @memberof roadwarden.v1
             * @interface IDocumentPart
             * @augments roadwarden.v1.DocumentPart.$Properties
             * @deprecated Use roadwarden.v1.DocumentPart.$Properties instead.
             */

            /**
             * Shape of a DocumentPart.
             * @typedef {roadwarden.v1.DocumentPart.$Properties} roadwarden.v1.DocumentPart.$Shape
             */

            /**
             * Constructs a new DocumentPart.
             * @memberof roadwarden.v1
             * @classdesc Represents a DocumentPart.
             * @constructor
             * @param {roadwarden.v1.DocumentPart.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DocumentPart = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DocumentPart version.
             * @member {number} version
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DocumentPart digest.
             * @member {string} digest
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.digest = "";

            /**
             * DocumentPart part.
             * @member {number} part
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.part = 0;

            /**
             * DocumentPart parts.
             * @member {number} parts
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.parts = 0;

            /**
             * DocumentPart content.
             * @member {Uint8Array} content
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.content = $util.newBuffer([]);

            /**
             * DocumentPart signature.
             * @member {Uint8Array} signature
             * @memberof roadwarden.v1.DocumentPart
             * @instance
             */
            DocumentPart.prototype.signature = $util.newBuffer([]);

            /**
             * Encodes the specified DocumentPart message. Does not implicitly {@link roadwarden.v1.DocumentPart.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.DocumentPart
             * @static
             * @param {roadwarden.v1.DocumentPart.$Properties} message DocumentPart message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DocumentPart.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.version);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.part != null && $Object.hasOwnProperty.call(message, "part") && message.part !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.part);
                if (message.parts != null && $Object.hasOwnProperty.call(message, "parts") && message.parts !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.parts);
                if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.content);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DocumentPart message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.DocumentPart
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.DocumentPart & roadwarden.v1.DocumentPart.$Shape} DocumentPart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DocumentPart.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.DocumentPart();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.part = value;
                            else
                                delete message.part;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.parts = value;
                            else
                                delete message.parts;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.content = value;
                            else
                                delete message.content;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DocumentPart;
        })();

        v1.Spoken = (function() {

            /**
             * Properties of a Spoken.
             * @typedef {Object} roadwarden.v1.Spoken.$Properties
             * @property {number} [version] Spoken version
             * @property {string} [digest] Spoken digest
             * @property {number} [atMs] Spoken atMs
             * @property {roadwarden.v1.SpokenOutcome} [outcome] Spoken outcome
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Spoken.
             * @memberof roadwarden.v1
             * @interface ISpoken
             * @augments roadwarden.v1.Spoken.$Properties
             * @deprecated Use roadwarden.v1.Spoken.$Properties instead.
             */

            /**
             * Shape of a Spoken.
             * @typedef {roadwarden.v1.Spoken.$Properties} roadwarden.v1.Spoken.$Shape
             */

            /**
             * Constructs a new Spoken.
             * @memberof roadwarden.v1
             * @classdesc Represents a Spoken.
             * @constructor
             * @param {roadwarden.v1.Spoken.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Spoken = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Spoken version.
             * @member {number} version
             * @memberof roadwarden.v1.Spoken
             * @instance
             */
            Spoken.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Spoken digest.
             * @member {string} digest
             * @memberof roadwarden.v1.Spoken
             * @instance
             */
            Spoken.prototype.digest = "";

            /**
             * Spoken atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.Spoken
             * @instance
             */
            Spoken.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Spoken outcome.
             * @member {roadwarden.v1.SpokenOutcome} outcome
             * @memberof roadwarden.v1.Spoken
             * @instance
             */
            Spoken.prototype.outcome = 0;

            /**
             * Encodes the specified Spoken message. Does not implicitly {@link roadwarden.v1.Spoken.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Spoken
             * @static
             * @param {roadwarden.v1.Spoken.$Properties} message Spoken message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Spoken.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.version);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).int64(message.atMs);
                if (message.outcome != null && $Object.hasOwnProperty.call(message, "outcome") && message.outcome !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).int32(message.outcome);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Spoken message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Spoken
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Spoken & roadwarden.v1.Spoken.$Shape} Spoken
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Spoken.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Spoken();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.outcome = value;
                            else
                                delete message.outcome;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Spoken;
        })();

        /**
         * SpokenOutcome enum.
         * @name roadwarden.v1.SpokenOutcome
         * @enum {number}
         * @property {number} SPOKEN_OUTCOME_UNSPECIFIED=0 SPOKEN_OUTCOME_UNSPECIFIED value
         * @property {number} SAID=1 SAID value
         * @property {number} AGAIN=2 AGAIN value
         * @property {number} FAILED=3 FAILED value
         * @property {number} RECEIVED=4 RECEIVED value
         */
        v1.SpokenOutcome = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "SPOKEN_OUTCOME_UNSPECIFIED"] = 0;
            values[valuesById[1] = "SAID"] = 1;
            values[valuesById[2] = "AGAIN"] = 2;
            values[valuesById[3] = "FAILED"] = 3;
            values[valuesById[4] = "RECEIVED"] = 4;
            return values;
        })();

        v1.InForce = (function() {

            /**
             * Properties of an InForce.
             * @typedef {Object} roadwarden.v1.InForce.$Properties
             * @property {Array.<roadwarden.v1.DocumentInForce.$Properties>} [documents] InForce documents
             * @property {number} [atMs] InForce atMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an InForce.
             * @memberof roadwarden.v1
             * @interface IInForce
             * @augments roadwarden.v1.InForce.$Properties
             * @deprecated Use roadwarden.v1.InForce.$Properties instead.
             */

            /**
             * Shape of an InForce.
             * @typedef {roadwarden.v1.InForce.$Properties} roadwarden.v1.InForce.$Shape
             */

            /**
             * Constructs a new InForce.
             * @memberof roadwarden.v1
             * @classdesc Represents an InForce.
             * @constructor
             * @param {roadwarden.v1.InForce.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const InForce = function (properties) {
                this.documents = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * InForce documents.
             * @member {Array.<roadwarden.v1.DocumentInForce>} documents
             * @memberof roadwarden.v1.InForce
             * @instance
             */
            InForce.prototype.documents = $util.emptyArray;

            /**
             * InForce atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.InForce
             * @instance
             */
            InForce.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Encodes the specified InForce message. Does not implicitly {@link roadwarden.v1.InForce.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.InForce
             * @static
             * @param {roadwarden.v1.InForce.$Properties} message InForce message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            InForce.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.documents != null && message.documents.length)
                    for (let i = 0; i < message.documents.length; ++i)
                        $root.roadwarden.v1.DocumentInForce.encode(message.documents[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).int64(message.atMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an InForce message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.InForce
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.InForce & roadwarden.v1.InForce.$Shape} InForce
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            InForce.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.InForce();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.documents && message.documents.length))
                                message.documents = [];
                            message.documents.push($root.roadwarden.v1.DocumentInForce.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return InForce;
        })();

        v1.DocumentInForce = (function() {

            /**
             * Properties of a DocumentInForce.
             * @typedef {Object} roadwarden.v1.DocumentInForce.$Properties
             * @property {string} [name] DocumentInForce name
             * @property {number} [version] DocumentInForce version
             * @property {string} [digest] DocumentInForce digest
             * @property {number} [sinceMs] DocumentInForce sinceMs
             * @property {roadwarden.v1.Refusal.$Properties} [refused] DocumentInForce refused
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DocumentInForce.
             * @memberof roadwarden.v1
             * @interface IDocumentInForce
             * @augments roadwarden.v1.DocumentInForce.$Properties
             * @deprecated Use roadwarden.v1.DocumentInForce.$Properties instead.
             */

            /**
             * Shape of a DocumentInForce.
             * @typedef {roadwarden.v1.DocumentInForce.$Properties} roadwarden.v1.DocumentInForce.$Shape
             */

            /**
             * Constructs a new DocumentInForce.
             * @memberof roadwarden.v1
             * @classdesc Represents a DocumentInForce.
             * @constructor
             * @param {roadwarden.v1.DocumentInForce.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DocumentInForce = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DocumentInForce name.
             * @member {string} name
             * @memberof roadwarden.v1.DocumentInForce
             * @instance
             */
            DocumentInForce.prototype.name = "";

            /**
             * DocumentInForce version.
             * @member {number} version
             * @memberof roadwarden.v1.DocumentInForce
             * @instance
             */
            DocumentInForce.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DocumentInForce digest.
             * @member {string} digest
             * @memberof roadwarden.v1.DocumentInForce
             * @instance
             */
            DocumentInForce.prototype.digest = "";

            /**
             * DocumentInForce sinceMs.
             * @member {number} sinceMs
             * @memberof roadwarden.v1.DocumentInForce
             * @instance
             */
            DocumentInForce.prototype.sinceMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * DocumentInForce refused.
             * @member {roadwarden.v1.Refusal} refused
             * @memberof roadwarden.v1.DocumentInForce
             * @instance
             */
            DocumentInForce.prototype.refused = null;

            /**
             * Encodes the specified DocumentInForce message. Does not implicitly {@link roadwarden.v1.DocumentInForce.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.DocumentInForce
             * @static
             * @param {roadwarden.v1.DocumentInForce.$Properties} message DocumentInForce message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DocumentInForce.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.version);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.digest);
                if (message.sinceMs != null && $Object.hasOwnProperty.call(message, "sinceMs") && (typeof message.sinceMs === "object" ? message.sinceMs.low || message.sinceMs.high : message.sinceMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.sinceMs);
                if (message.refused != null && $Object.hasOwnProperty.call(message, "refused"))
                    $root.roadwarden.v1.Refusal.encode(message.refused, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DocumentInForce message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.DocumentInForce
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.DocumentInForce & roadwarden.v1.DocumentInForce.$Shape} DocumentInForce
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DocumentInForce.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.DocumentInForce();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.sinceMs = value;
                            else
                                delete message.sinceMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.refused = $root.roadwarden.v1.Refusal.decode(reader, reader.size(), $undefined, _depth + 1, message.refused);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DocumentInForce;
        })();

        v1.Refusal = (function() {

            /**
             * Properties of a Refusal.
             * @typedef {Object} roadwarden.v1.Refusal.$Properties
             * @property {number} [version] Refusal version
             * @property {string} [digest] Refusal digest
             * @property {string} [reason] Refusal reason
             * @property {number} [atMs] Refusal atMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Refusal.
             * @memberof roadwarden.v1
             * @interface IRefusal
             * @augments roadwarden.v1.Refusal.$Properties
             * @deprecated Use roadwarden.v1.Refusal.$Properties instead.
             */

            /**
             * Shape of a Refusal.
             * @typedef {roadwarden.v1.Refusal.$Properties} roadwarden.v1.Refusal.$Shape
             */

            /**
             * Constructs a new Refusal.
             * @memberof roadwarden.v1
             * @classdesc Represents a Refusal.
             * @constructor
             * @param {roadwarden.v1.Refusal.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Refusal = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Refusal version.
             * @member {number} version
             * @memberof roadwarden.v1.Refusal
             * @instance
             */
            Refusal.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Refusal digest.
             * @member {string} digest
             * @memberof roadwarden.v1.Refusal
             * @instance
             */
            Refusal.prototype.digest = "";

            /**
             * Refusal reason.
             * @member {string} reason
             * @memberof roadwarden.v1.Refusal
             * @instance
             */
            Refusal.prototype.reason = "";

            /**
             * Refusal atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.Refusal
             * @instance
             */
            Refusal.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Encodes the specified Refusal message. Does not implicitly {@link roadwarden.v1.Refusal.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Refusal
             * @static
             * @param {roadwarden.v1.Refusal.$Properties} message Refusal message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Refusal.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.version);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).int64(message.atMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Refusal message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Refusal
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Refusal & roadwarden.v1.Refusal.$Shape} Refusal
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Refusal.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Refusal();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Refusal;
        })();

        v1.Alert = (function() {

            /**
             * Properties of an Alert.
             * @typedef {Object} roadwarden.v1.Alert.$Properties
             * @property {string} [id] Alert id
             * @property {number} [revision] Alert revision
             * @property {number} [cursor] Alert cursor
             * @property {string} [kind] Alert kind
             * @property {string} [reason] Alert reason
             * @property {roadwarden.v1.Phase} [phase] Alert phase
             * @property {string} [subject] Alert subject
             * @property {roadwarden.v1.Severity} [severity] Alert severity
             * @property {roadwarden.v1.Grade} [grade] Alert grade
             * @property {string} [fleet] Alert fleet
             * @property {string} [vehicle] Alert vehicle
             * @property {string} [plate] Alert plate
             * @property {string} [driver] Alert driver
             * @property {string} [trip] Alert trip
             * @property {number} [atMs] Alert atMs
             * @property {number} [decidedAtMs] Alert decidedAtMs
             * @property {number} [receivedAtMs] Alert receivedAtMs
             * @property {boolean} [late] Alert late
             * @property {string} [supersedes] Alert supersedes
             * @property {roadwarden.v1.Place.$Properties} [place] Alert place
             * @property {string} [ruleId] Alert ruleId
             * @property {number} [ruleVersion] Alert ruleVersion
             * @property {string} [policyDigest] Alert policyDigest
             * @property {string} [article] Alert article
             * @property {string} [evidenceJson] Alert evidenceJson
             * @property {string} [explainZh] Alert explainZh
             * @property {string} [explainEn] Alert explainEn
             * @property {roadwarden.v1.Severity} [movedTo] Alert movedTo
             * @property {boolean} [withdrawn] Alert withdrawn
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Alert.
             * @memberof roadwarden.v1
             * @interface IAlert
             * @augments roadwarden.v1.Alert.$Properties
             * @deprecated Use roadwarden.v1.Alert.$Properties instead.
             */

            /**
             * Shape of an Alert.
             * @typedef {roadwarden.v1.Alert.$Properties} roadwarden.v1.Alert.$Shape
             */

            /**
             * Constructs a new Alert.
             * @memberof roadwarden.v1
             * @classdesc Represents an Alert.
             * @constructor
             * @param {roadwarden.v1.Alert.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Alert = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Alert id.
             * @member {string} id
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.id = "";

            /**
             * Alert revision.
             * @member {number} revision
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.revision = 0;

            /**
             * Alert cursor.
             * @member {number} cursor
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.cursor = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Alert kind.
             * @member {string} kind
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.kind = "";

            /**
             * Alert reason.
             * @member {string} reason
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.reason = "";

            /**
             * Alert phase.
             * @member {roadwarden.v1.Phase} phase
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.phase = 0;

            /**
             * Alert subject.
             * @member {string} subject
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.subject = "";

            /**
             * Alert severity.
             * @member {roadwarden.v1.Severity} severity
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.severity = 0;

            /**
             * Alert grade.
             * @member {roadwarden.v1.Grade} grade
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.grade = 0;

            /**
             * Alert fleet.
             * @member {string} fleet
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.fleet = "";

            /**
             * Alert vehicle.
             * @member {string} vehicle
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.vehicle = "";

            /**
             * Alert plate.
             * @member {string} plate
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.plate = "";

            /**
             * Alert driver.
             * @member {string} driver
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.driver = "";

            /**
             * Alert trip.
             * @member {string} trip
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.trip = "";

            /**
             * Alert atMs.
             * @member {number} atMs
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.atMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Alert decidedAtMs.
             * @member {number} decidedAtMs
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.decidedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Alert receivedAtMs.
             * @member {number} receivedAtMs
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.receivedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Alert late.
             * @member {boolean} late
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.late = false;

            /**
             * Alert supersedes.
             * @member {string} supersedes
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.supersedes = "";

            /**
             * Alert place.
             * @member {roadwarden.v1.Place} place
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.place = null;

            /**
             * Alert ruleId.
             * @member {string} ruleId
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.ruleId = "";

            /**
             * Alert ruleVersion.
             * @member {number} ruleVersion
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.ruleVersion = 0;

            /**
             * Alert policyDigest.
             * @member {string} policyDigest
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.policyDigest = "";

            /**
             * Alert article.
             * @member {string} article
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.article = "";

            /**
             * Alert evidenceJson.
             * @member {string} evidenceJson
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.evidenceJson = "";

            /**
             * Alert explainZh.
             * @member {string} explainZh
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.explainZh = "";

            /**
             * Alert explainEn.
             * @member {string} explainEn
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.explainEn = "";

            /**
             * Alert movedTo.
             * @member {roadwarden.v1.Severity} movedTo
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.movedTo = 0;

            /**
             * Alert withdrawn.
             * @member {boolean} withdrawn
             * @memberof roadwarden.v1.Alert
             * @instance
             */
            Alert.prototype.withdrawn = false;

            /**
             * Encodes the specified Alert message. Does not implicitly {@link roadwarden.v1.Alert.verify|verify} messages.
             * @function encode
             * @memberof roadwarden.v1.Alert
             * @static
             * @param {roadwarden.v1.Alert.$Properties} message Alert message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Alert.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && message.revision !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.revision);
                if (message.cursor != null && $Object.hasOwnProperty.call(message, "cursor") && (typeof message.cursor === "object" ? message.cursor.low || message.cursor.high : message.cursor !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.cursor);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.kind);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.reason);
                if (message.phase != null && $Object.hasOwnProperty.call(message, "phase") && message.phase !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).int32(message.phase);
                if (message.subject != null && $Object.hasOwnProperty.call(message, "subject") && message.subject !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.subject);
                if (message.severity != null && $Object.hasOwnProperty.call(message, "severity") && message.severity !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).int32(message.severity);
                if (message.grade != null && $Object.hasOwnProperty.call(message, "grade") && message.grade !== 0)
                    writer.uint32(/* id 9, wireType 0 =*/72).int32(message.grade);
                if (message.fleet != null && $Object.hasOwnProperty.call(message, "fleet") && message.fleet !== "")
                    writer.uint32(/* id 10, wireType 2 =*/82).string(message.fleet);
                if (message.vehicle != null && $Object.hasOwnProperty.call(message, "vehicle") && message.vehicle !== "")
                    writer.uint32(/* id 11, wireType 2 =*/90).string(message.vehicle);
                if (message.plate != null && $Object.hasOwnProperty.call(message, "plate") && message.plate !== "")
                    writer.uint32(/* id 12, wireType 2 =*/98).string(message.plate);
                if (message.driver != null && $Object.hasOwnProperty.call(message, "driver") && message.driver !== "")
                    writer.uint32(/* id 13, wireType 2 =*/106).string(message.driver);
                if (message.trip != null && $Object.hasOwnProperty.call(message, "trip") && message.trip !== "")
                    writer.uint32(/* id 14, wireType 2 =*/114).string(message.trip);
                if (message.atMs != null && $Object.hasOwnProperty.call(message, "atMs") && (typeof message.atMs === "object" ? message.atMs.low || message.atMs.high : message.atMs !== 0))
                    writer.uint32(/* id 15, wireType 0 =*/120).int64(message.atMs);
                if (message.decidedAtMs != null && $Object.hasOwnProperty.call(message, "decidedAtMs") && (typeof message.decidedAtMs === "object" ? message.decidedAtMs.low || message.decidedAtMs.high : message.decidedAtMs !== 0))
                    writer.uint32(/* id 16, wireType 0 =*/128).int64(message.decidedAtMs);
                if (message.receivedAtMs != null && $Object.hasOwnProperty.call(message, "receivedAtMs") && (typeof message.receivedAtMs === "object" ? message.receivedAtMs.low || message.receivedAtMs.high : message.receivedAtMs !== 0))
                    writer.uint32(/* id 17, wireType 0 =*/136).int64(message.receivedAtMs);
                if (message.late != null && $Object.hasOwnProperty.call(message, "late") && message.late !== false)
                    writer.uint32(/* id 18, wireType 0 =*/144).bool(message.late);
                if (message.supersedes != null && $Object.hasOwnProperty.call(message, "supersedes") && message.supersedes !== "")
                    writer.uint32(/* id 19, wireType 2 =*/154).string(message.supersedes);
                if (message.place != null && $Object.hasOwnProperty.call(message, "place"))
                    $root.roadwarden.v1.Place.encode(message.place, writer.uint32(/* id 20, wireType 2 =*/162).fork(), _depth + 1).ldelim();
                if (message.ruleId != null && $Object.hasOwnProperty.call(message, "ruleId") && message.ruleId !== "")
                    writer.uint32(/* id 21, wireType 2 =*/170).string(message.ruleId);
                if (message.ruleVersion != null && $Object.hasOwnProperty.call(message, "ruleVersion") && message.ruleVersion !== 0)
                    writer.uint32(/* id 22, wireType 0 =*/176).uint32(message.ruleVersion);
                if (message.policyDigest != null && $Object.hasOwnProperty.call(message, "policyDigest") && message.policyDigest !== "")
                    writer.uint32(/* id 23, wireType 2 =*/186).string(message.policyDigest);
                if (message.article != null && $Object.hasOwnProperty.call(message, "article") && message.article !== "")
                    writer.uint32(/* id 24, wireType 2 =*/194).string(message.article);
                if (message.evidenceJson != null && $Object.hasOwnProperty.call(message, "evidenceJson") && message.evidenceJson !== "")
                    writer.uint32(/* id 25, wireType 2 =*/202).string(message.evidenceJson);
                if (message.explainZh != null && $Object.hasOwnProperty.call(message, "explainZh") && message.explainZh !== "")
                    writer.uint32(/* id 26, wireType 2 =*/210).string(message.explainZh);
                if (message.explainEn != null && $Object.hasOwnProperty.call(message, "explainEn") && message.explainEn !== "")
                    writer.uint32(/* id 27, wireType 2 =*/218).string(message.explainEn);
                if (message.movedTo != null && $Object.hasOwnProperty.call(message, "movedTo") && message.movedTo !== 0)
                    writer.uint32(/* id 28, wireType 0 =*/224).int32(message.movedTo);
                if (message.withdrawn != null && $Object.hasOwnProperty.call(message, "withdrawn") && message.withdrawn !== false)
                    writer.uint32(/* id 29, wireType 0 =*/232).bool(message.withdrawn);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Alert message from the specified reader or buffer.
             * @function decode
             * @memberof roadwarden.v1.Alert
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {roadwarden.v1.Alert & roadwarden.v1.Alert.$Shape} Alert
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Alert.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.roadwarden.v1.Alert();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.revision = value;
                            else
                                delete message.revision;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.cursor = value;
                            else
                                delete message.cursor;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.phase = value;
                            else
                                delete message.phase;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.subject = value;
                            else
                                delete message.subject;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.severity = value;
                            else
                                delete message.severity;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.grade = value;
                            else
                                delete message.grade;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.fleet = value;
                            else
                                delete message.fleet;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.vehicle = value;
                            else
                                delete message.vehicle;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.plate = value;
                            else
                                delete message.plate;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.driver = value;
                            else
                                delete message.driver;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.trip = value;
                            else
                                delete message.trip;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.atMs = value;
                            else
                                delete message.atMs;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.decidedAtMs = value;
                            else
                                delete message.decidedAtMs;
                            continue;
                        }
                    case 17: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.receivedAtMs = value;
                            else
                                delete message.receivedAtMs;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.late = value;
                            else
                                delete message.late;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.supersedes = value;
                            else
                                delete message.supersedes;
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            message.place = $root.roadwarden.v1.Place.decode(reader, reader.size(), $undefined, _depth + 1, message.place);
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.ruleId = value;
                            else
                                delete message.ruleId;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.ruleVersion = value;
                            else
                                delete message.ruleVersion;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.policyDigest = value;
                            else
                                delete message.policyDigest;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.article = value;
                            else
                                delete message.article;
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.evidenceJson = value;
                            else
                                delete message.evidenceJson;
                            continue;
                        }
                    case 26: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.explainZh = value;
                            else
                                delete message.explainZh;
                            continue;
                        }
                    case 27: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.explainEn = value;
                            else
                                delete message.explainEn;
                            continue;
                        }
                    case 28: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.movedTo = value;
                            else
                                delete message.movedTo;
                            continue;
                        }
                    case 29: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.withdrawn = value;
                            else
                                delete message.withdrawn;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Alert;
        })();

        return v1;
    })();

    return roadwarden;
})();

export {
  $root as default
};
