import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace roadwarden. */
export namespace roadwarden {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of an Envelope.
         * @deprecated Use roadwarden.v1.Envelope.$Properties instead.
         */
        interface IEnvelope extends roadwarden.v1.Envelope.$Properties {
        }

        /** Represents an Envelope. */
        class Envelope {

            /**
             * Constructs a new Envelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Envelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Envelope epoch. */
            epoch: number;

            /** Envelope stream. */
            stream: roadwarden.v1.Stream;

            /** Envelope seq. */
            seq: number;

            /** Envelope prevHash. */
            prevHash: Uint8Array;

            /** Envelope bootCount. */
            bootCount: number;

            /** Envelope fleet. */
            fleet: string;

            /** Envelope vehicle. */
            vehicle: string;

            /** Envelope policyDigest. */
            policyDigest: string;

            /** Envelope sealedAtMs. */
            sealedAtMs: number;

            /** Envelope finding. */
            finding: (roadwarden.v1.Finding|null);

            /** Envelope telemetry. */
            telemetry: (roadwarden.v1.Telemetry|null);

            /** Envelope gap. */
            gap: (roadwarden.v1.Gap|null);

            /** Envelope driving. */
            driving: (roadwarden.v1.DrivingInterval|null);

            /** Envelope inForce. */
            inForce: (roadwarden.v1.InForce|null);

            /** Envelope spoken. */
            spoken: (roadwarden.v1.Spoken|null);

            /** Envelope body. */
            body?: ("finding"|"telemetry"|"gap"|"driving"|"inForce"|"spoken");

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link roadwarden.v1.Envelope.verify|verify} messages.
             * @param message Envelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Envelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Envelope & roadwarden.v1.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Envelope & roadwarden.v1.Envelope.$Shape;
        }

        namespace Envelope {

            /** Properties of an Envelope. */
            interface $Properties {

                /** Envelope epoch */
                epoch?: number;

                /** Envelope stream */
                stream?: roadwarden.v1.Stream;

                /** Envelope seq */
                seq?: number;

                /** Envelope prevHash */
                prevHash?: Uint8Array;

                /** Envelope bootCount */
                bootCount?: number;

                /** Envelope fleet */
                fleet?: string;

                /** Envelope vehicle */
                vehicle?: string;

                /** Envelope policyDigest */
                policyDigest?: string;

                /** Envelope sealedAtMs */
                sealedAtMs?: number;

                /** Envelope finding */
                finding?: (roadwarden.v1.Finding.$Properties|null);

                /** Envelope telemetry */
                telemetry?: (roadwarden.v1.Telemetry.$Properties|null);

                /** Envelope gap */
                gap?: (roadwarden.v1.Gap.$Properties|null);

                /** Envelope driving */
                driving?: (roadwarden.v1.DrivingInterval.$Properties|null);

                /** Envelope inForce */
                inForce?: (roadwarden.v1.InForce.$Properties|null);

                /** Envelope spoken */
                spoken?: (roadwarden.v1.Spoken.$Properties|null);

                /** Envelope body */
                body?: ("finding"|"telemetry"|"gap"|"driving"|"inForce"|"spoken");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an Envelope. */
            type $Shape = {
              epoch?: number;
              stream?: roadwarden.v1.Stream;
              seq?: number;
              prevHash?: Uint8Array;
              bootCount?: number;
              fleet?: string;
              vehicle?: string;
              policyDigest?: string;
              sealedAtMs?: number;
              finding?: roadwarden.v1.Finding.$Shape|null;
              telemetry?: roadwarden.v1.Telemetry.$Shape|null;
              gap?: roadwarden.v1.Gap.$Shape|null;
              driving?: roadwarden.v1.DrivingInterval.$Shape|null;
              inForce?: roadwarden.v1.InForce.$Shape|null;
              spoken?: roadwarden.v1.Spoken.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "finding"; finding: roadwarden.v1.Finding.$Shape; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "telemetry"; finding?: null; telemetry: roadwarden.v1.Telemetry.$Shape; gap?: null; driving?: null; inForce?: null; spoken?: null }|{ body?: "gap"; finding?: null; telemetry?: null; gap: roadwarden.v1.Gap.$Shape; driving?: null; inForce?: null; spoken?: null }|{ body?: "driving"; finding?: null; telemetry?: null; gap?: null; driving: roadwarden.v1.DrivingInterval.$Shape; inForce?: null; spoken?: null }|{ body?: "inForce"; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce: roadwarden.v1.InForce.$Shape; spoken?: null }|{ body?: "spoken"; finding?: null; telemetry?: null; gap?: null; driving?: null; inForce?: null; spoken: roadwarden.v1.Spoken.$Shape })
            );
        }

        /** Stream enum. */
        enum Stream {

            /** STREAM_UNSPECIFIED value */
            STREAM_UNSPECIFIED = 0,

            /** ALARM value */
            ALARM = 1,

            /** TELEMETRY value */
            TELEMETRY = 2
        }

        /** Phase enum. */
        enum Phase {

            /** PHASE_UNSPECIFIED value */
            PHASE_UNSPECIFIED = 0,

            /** STARTED value */
            STARTED = 1,

            /** UPDATED value */
            UPDATED = 2,

            /** ENDED value */
            ENDED = 3
        }

        /** Severity enum. */
        enum Severity {

            /** SEVERITY_UNSPECIFIED value */
            SEVERITY_UNSPECIFIED = 0,

            /** INFO value */
            INFO = 1,

            /** MINOR value */
            MINOR = 2,

            /** MAJOR value */
            MAJOR = 3,

            /** CRITICAL value */
            CRITICAL = 4
        }

        /** Grade enum. */
        enum Grade {

            /** GRADE_UNSPECIFIED value */
            GRADE_UNSPECIFIED = 0,

            /** SUFFICIENT value */
            SUFFICIENT = 1,

            /** TO_VERIFY value */
            TO_VERIFY = 2
        }

        /**
         * Properties of a Place.
         * @deprecated Use roadwarden.v1.Place.$Properties instead.
         */
        interface IPlace extends roadwarden.v1.Place.$Properties {
        }

        /** Represents a Place. */
        class Place {

            /**
             * Constructs a new Place.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Place.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Place latE7. */
            latE7: number;

            /** Place lonE7. */
            lonE7: number;

            /**
             * Encodes the specified Place message. Does not implicitly {@link roadwarden.v1.Place.verify|verify} messages.
             * @param message Place message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Place.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Place message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Place & roadwarden.v1.Place.$Shape} Place
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Place & roadwarden.v1.Place.$Shape;
        }

        namespace Place {

            /** Properties of a Place. */
            interface $Properties {

                /** Place latE7 */
                latE7?: number;

                /** Place lonE7 */
                lonE7?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Place. */
            type $Shape = roadwarden.v1.Place.$Properties;
        }

        /**
         * Properties of a Finding.
         * @deprecated Use roadwarden.v1.Finding.$Properties instead.
         */
        interface IFinding extends roadwarden.v1.Finding.$Properties {
        }

        /** Represents a Finding. */
        class Finding {

            /**
             * Constructs a new Finding.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Finding.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Finding findingId. */
            findingId: string;

            /** Finding kind. */
            kind: string;

            /** Finding reason. */
            reason: string;

            /** Finding phase. */
            phase: roadwarden.v1.Phase;

            /** Finding subject. */
            subject: string;

            /** Finding severity. */
            severity: roadwarden.v1.Severity;

            /** Finding grade. */
            grade: roadwarden.v1.Grade;

            /** Finding atMs. */
            atMs: number;

            /** Finding decidedAtMs. */
            decidedAtMs: number;

            /** Finding place. */
            place: roadwarden.v1.Place;

            /** Finding driver. */
            driver: string;

            /** Finding trip. */
            trip: string;

            /** Finding ruleId. */
            ruleId: string;

            /** Finding ruleVersion. */
            ruleVersion: number;

            /** Finding evidenceJson. */
            evidenceJson: string;

            /**
             * Encodes the specified Finding message. Does not implicitly {@link roadwarden.v1.Finding.verify|verify} messages.
             * @param message Finding message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Finding.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Finding message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Finding & roadwarden.v1.Finding.$Shape} Finding
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Finding & roadwarden.v1.Finding.$Shape;
        }

        namespace Finding {

            /** Properties of a Finding. */
            interface $Properties {

                /** Finding findingId */
                findingId?: string;

                /** Finding kind */
                kind?: string;

                /** Finding reason */
                reason?: string;

                /** Finding phase */
                phase?: roadwarden.v1.Phase;

                /** Finding subject */
                subject?: string;

                /** Finding severity */
                severity?: roadwarden.v1.Severity;

                /** Finding grade */
                grade?: roadwarden.v1.Grade;

                /** Finding atMs */
                atMs?: number;

                /** Finding decidedAtMs */
                decidedAtMs?: number;

                /** Finding place */
                place?: roadwarden.v1.Place.$Properties;

                /** Finding driver */
                driver?: string;

                /** Finding trip */
                trip?: string;

                /** Finding ruleId */
                ruleId?: string;

                /** Finding ruleVersion */
                ruleVersion?: number;

                /** Finding evidenceJson */
                evidenceJson?: string;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Finding. */
            type $Shape = roadwarden.v1.Finding.$Properties;
        }

        /**
         * Properties of a Telemetry.
         * @deprecated Use roadwarden.v1.Telemetry.$Properties instead.
         */
        interface ITelemetry extends roadwarden.v1.Telemetry.$Properties {
        }

        /** Represents a Telemetry. */
        class Telemetry {

            /**
             * Constructs a new Telemetry.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Telemetry.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Telemetry atMs. */
            atMs: number[];

            /** Telemetry latE7. */
            latE7: roadwarden.v1.Column;

            /** Telemetry lonE7. */
            lonE7: roadwarden.v1.Column;

            /** Telemetry speedCkmh. */
            speedCkmh: roadwarden.v1.Column;

            /** Telemetry courseDdeg. */
            courseDdeg: roadwarden.v1.Column;

            /** Telemetry odometer_5m. */
            odometer_5m: roadwarden.v1.Column;

            /** Telemetry accuracyDm. */
            accuracyDm: roadwarden.v1.Column;

            /** Telemetry satellites. */
            satellites: roadwarden.v1.Column;

            /** Telemetry speedSource. */
            speedSource: roadwarden.v1.Column;

            /** Telemetry speedAgreement. */
            speedAgreement: roadwarden.v1.Column;

            /** Telemetry ignition. */
            ignition: roadwarden.v1.Column;

            /** Telemetry doorOpen. */
            doorOpen: roadwarden.v1.Column;

            /** Telemetry untrusted. */
            untrusted: roadwarden.v1.Column;

            /** Telemetry clockStepMs. */
            clockStepMs: roadwarden.v1.Column;

            /** Telemetry driver. */
            driver: roadwarden.v1.Column;

            /** Telemetry coDriver. */
            coDriver: roadwarden.v1.Column;

            /** Telemetry drivers. */
            drivers: string[];

            /** Telemetry brake. */
            brake: roadwarden.v1.Column;

            /** Telemetry positionRefused. */
            positionRefused: roadwarden.v1.Column;

            /** Telemetry sky. */
            sky: roadwarden.v1.Sky[];

            /** Telemetry outlook. */
            outlook: roadwarden.v1.Outlook;

            /**
             * Encodes the specified Telemetry message. Does not implicitly {@link roadwarden.v1.Telemetry.verify|verify} messages.
             * @param message Telemetry message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Telemetry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Telemetry message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Telemetry & roadwarden.v1.Telemetry.$Shape} Telemetry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Telemetry & roadwarden.v1.Telemetry.$Shape;
        }

        namespace Telemetry {

            /** Properties of a Telemetry. */
            interface $Properties {

                /** Telemetry atMs */
                atMs?: number[];

                /** Telemetry latE7 */
                latE7?: roadwarden.v1.Column.$Properties;

                /** Telemetry lonE7 */
                lonE7?: roadwarden.v1.Column.$Properties;

                /** Telemetry speedCkmh */
                speedCkmh?: roadwarden.v1.Column.$Properties;

                /** Telemetry courseDdeg */
                courseDdeg?: roadwarden.v1.Column.$Properties;

                /** Telemetry odometer_5m */
                odometer_5m?: roadwarden.v1.Column.$Properties;

                /** Telemetry accuracyDm */
                accuracyDm?: roadwarden.v1.Column.$Properties;

                /** Telemetry satellites */
                satellites?: roadwarden.v1.Column.$Properties;

                /** Telemetry speedSource */
                speedSource?: roadwarden.v1.Column.$Properties;

                /** Telemetry speedAgreement */
                speedAgreement?: roadwarden.v1.Column.$Properties;

                /** Telemetry ignition */
                ignition?: roadwarden.v1.Column.$Properties;

                /** Telemetry doorOpen */
                doorOpen?: roadwarden.v1.Column.$Properties;

                /** Telemetry untrusted */
                untrusted?: roadwarden.v1.Column.$Properties;

                /** Telemetry clockStepMs */
                clockStepMs?: roadwarden.v1.Column.$Properties;

                /** Telemetry driver */
                driver?: roadwarden.v1.Column.$Properties;

                /** Telemetry coDriver */
                coDriver?: roadwarden.v1.Column.$Properties;

                /** Telemetry drivers */
                drivers?: string[];

                /** Telemetry brake */
                brake?: roadwarden.v1.Column.$Properties;

                /** Telemetry positionRefused */
                positionRefused?: roadwarden.v1.Column.$Properties;

                /** Telemetry sky */
                sky?: roadwarden.v1.Sky.$Properties[];

                /** Telemetry outlook */
                outlook?: roadwarden.v1.Outlook.$Properties;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Telemetry. */
            type $Shape = roadwarden.v1.Telemetry.$Properties;
        }

        /**
         * Properties of an Outlook.
         * @deprecated Use roadwarden.v1.Outlook.$Properties instead.
         */
        interface IOutlook extends roadwarden.v1.Outlook.$Properties {
        }

        /** Represents an Outlook. */
        class Outlook {

            /**
             * Constructs a new Outlook.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Outlook.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Outlook atMs. */
            atMs: number;

            /** Outlook driver. */
            driver: string;

            /** Outlook confirmed. */
            confirmed: boolean;

            /** Outlook continuousDay. */
            continuousDay: roadwarden.v1.Left;

            /** Outlook continuousNight. */
            continuousNight: roadwarden.v1.Left;

            /** Outlook rolling_24h. */
            rolling_24h: roadwarden.v1.Left;

            /** Outlook rolling_7d. */
            rolling_7d: roadwarden.v1.Left;

            /** Outlook driving. */
            driving: roadwarden.v1.DrivingInterval[];

            /** Outlook unknownLimitShare. */
            unknownLimitShare: (number|null);

            /** Outlook route. */
            route: roadwarden.v1.RouteProgress;

            /** Outlook safeStops. */
            safeStops: roadwarden.v1.SafeStop[];

            /**
             * Encodes the specified Outlook message. Does not implicitly {@link roadwarden.v1.Outlook.verify|verify} messages.
             * @param message Outlook message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Outlook.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Outlook message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Outlook & roadwarden.v1.Outlook.$Shape} Outlook
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Outlook & roadwarden.v1.Outlook.$Shape;
        }

        namespace Outlook {

            /** Properties of an Outlook. */
            interface $Properties {

                /** Outlook atMs */
                atMs?: number;

                /** Outlook driver */
                driver?: string;

                /** Outlook confirmed */
                confirmed?: boolean;

                /** Outlook continuousDay */
                continuousDay?: roadwarden.v1.Left.$Properties;

                /** Outlook continuousNight */
                continuousNight?: roadwarden.v1.Left.$Properties;

                /** Outlook rolling_24h */
                rolling_24h?: roadwarden.v1.Left.$Properties;

                /** Outlook rolling_7d */
                rolling_7d?: roadwarden.v1.Left.$Properties;

                /** Outlook driving */
                driving?: roadwarden.v1.DrivingInterval.$Properties[];

                /** Outlook unknownLimitShare */
                unknownLimitShare?: (number|null);

                /** Outlook route */
                route?: roadwarden.v1.RouteProgress.$Properties;

                /** Outlook safeStops */
                safeStops?: roadwarden.v1.SafeStop.$Properties[];

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Outlook. */
            type $Shape = roadwarden.v1.Outlook.$Properties;
        }

        /**
         * Properties of a Left.
         * @deprecated Use roadwarden.v1.Left.$Properties instead.
         */
        interface ILeft extends roadwarden.v1.Left.$Properties {
        }

        /** Represents a Left. */
        class Left {

            /**
             * Constructs a new Left.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Left.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Left provenS. */
            provenS: number;

            /** Left cautiousS. */
            cautiousS: number;

            /**
             * Encodes the specified Left message. Does not implicitly {@link roadwarden.v1.Left.verify|verify} messages.
             * @param message Left message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Left.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Left message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Left & roadwarden.v1.Left.$Shape} Left
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Left & roadwarden.v1.Left.$Shape;
        }

        namespace Left {

            /** Properties of a Left. */
            interface $Properties {

                /** Left provenS */
                provenS?: number;

                /** Left cautiousS */
                cautiousS?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Left. */
            type $Shape = roadwarden.v1.Left.$Properties;
        }

        /**
         * Properties of a RouteProgress.
         * @deprecated Use roadwarden.v1.RouteProgress.$Properties instead.
         */
        interface IRouteProgress extends roadwarden.v1.RouteProgress.$Properties {
        }

        /** Represents a RouteProgress. */
        class RouteProgress {

            /**
             * Constructs a new RouteProgress.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.RouteProgress.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteProgress routeId. */
            routeId: string;

            /** RouteProgress alongM. */
            alongM: number;

            /** RouteProgress remainingM. */
            remainingM: number;

            /**
             * Encodes the specified RouteProgress message. Does not implicitly {@link roadwarden.v1.RouteProgress.verify|verify} messages.
             * @param message RouteProgress message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.RouteProgress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteProgress message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.RouteProgress & roadwarden.v1.RouteProgress.$Shape} RouteProgress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.RouteProgress & roadwarden.v1.RouteProgress.$Shape;
        }

        namespace RouteProgress {

            /** Properties of a RouteProgress. */
            interface $Properties {

                /** RouteProgress routeId */
                routeId?: string;

                /** RouteProgress alongM */
                alongM?: number;

                /** RouteProgress remainingM */
                remainingM?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RouteProgress. */
            type $Shape = roadwarden.v1.RouteProgress.$Properties;
        }

        /**
         * Properties of a SafeStop.
         * @deprecated Use roadwarden.v1.SafeStop.$Properties instead.
         */
        interface ISafeStop extends roadwarden.v1.SafeStop.$Properties {
        }

        /** Represents a SafeStop. */
        class SafeStop {

            /**
             * Constructs a new SafeStop.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.SafeStop.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SafeStop areaId. */
            areaId: string;

            /** SafeStop area. */
            area: string;

            /** SafeStop role. */
            role: string;

            /** SafeStop km. */
            km: number;

            /** SafeStop etaMs. */
            etaMs: (number|null);

            /**
             * Encodes the specified SafeStop message. Does not implicitly {@link roadwarden.v1.SafeStop.verify|verify} messages.
             * @param message SafeStop message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.SafeStop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SafeStop message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.SafeStop & roadwarden.v1.SafeStop.$Shape} SafeStop
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.SafeStop & roadwarden.v1.SafeStop.$Shape;
        }

        namespace SafeStop {

            /** Properties of a SafeStop. */
            interface $Properties {

                /** SafeStop areaId */
                areaId?: string;

                /** SafeStop area */
                area?: string;

                /** SafeStop role */
                role?: string;

                /** SafeStop km */
                km?: number;

                /** SafeStop etaMs */
                etaMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SafeStop. */
            type $Shape = roadwarden.v1.SafeStop.$Properties;
        }

        /**
         * Properties of a Sky.
         * @deprecated Use roadwarden.v1.Sky.$Properties instead.
         */
        interface ISky extends roadwarden.v1.Sky.$Properties {
        }

        /** Represents a Sky. */
        class Sky {

            /**
             * Constructs a new Sky.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Sky.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Sky row. */
            row: number;

            /** Sky systems. */
            systems: roadwarden.v1.SkySystem[];

            /**
             * Encodes the specified Sky message. Does not implicitly {@link roadwarden.v1.Sky.verify|verify} messages.
             * @param message Sky message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Sky.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Sky message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Sky & roadwarden.v1.Sky.$Shape} Sky
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Sky & roadwarden.v1.Sky.$Shape;
        }

        namespace Sky {

            /** Properties of a Sky. */
            interface $Properties {

                /** Sky row */
                row?: number;

                /** Sky systems */
                systems?: roadwarden.v1.SkySystem.$Properties[];

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Sky. */
            type $Shape = roadwarden.v1.Sky.$Properties;
        }

        /**
         * Properties of a SkySystem.
         * @deprecated Use roadwarden.v1.SkySystem.$Properties instead.
         */
        interface ISkySystem extends roadwarden.v1.SkySystem.$Properties {
        }

        /** Represents a SkySystem. */
        class SkySystem {

            /**
             * Constructs a new SkySystem.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.SkySystem.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SkySystem system. */
            system: number;

            /** SkySystem used. */
            used: (number|null);

            /** SkySystem inView. */
            inView: (number|null);

            /** SkySystem snrDb. */
            snrDb: (number|null);

            /**
             * Encodes the specified SkySystem message. Does not implicitly {@link roadwarden.v1.SkySystem.verify|verify} messages.
             * @param message SkySystem message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.SkySystem.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SkySystem message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.SkySystem & roadwarden.v1.SkySystem.$Shape} SkySystem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.SkySystem & roadwarden.v1.SkySystem.$Shape;
        }

        namespace SkySystem {

            /** Properties of a SkySystem. */
            interface $Properties {

                /** SkySystem system */
                system?: number;

                /** SkySystem used */
                used?: (number|null);

                /** SkySystem inView */
                inView?: (number|null);

                /** SkySystem snrDb */
                snrDb?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SkySystem. */
            type $Shape = roadwarden.v1.SkySystem.$Properties;
        }

        /**
         * Properties of a Column.
         * @deprecated Use roadwarden.v1.Column.$Properties instead.
         */
        interface IColumn extends roadwarden.v1.Column.$Properties {
        }

        /** Represents a Column. */
        class Column {

            /**
             * Constructs a new Column.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Column.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Column has. */
            has: Uint8Array;

            /** Column values. */
            values: number[];

            /**
             * Encodes the specified Column message. Does not implicitly {@link roadwarden.v1.Column.verify|verify} messages.
             * @param message Column message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Column.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Column message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Column & roadwarden.v1.Column.$Shape} Column
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Column & roadwarden.v1.Column.$Shape;
        }

        namespace Column {

            /** Properties of a Column. */
            interface $Properties {

                /** Column has */
                has?: Uint8Array;

                /** Column values */
                values?: number[];

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Column. */
            type $Shape = roadwarden.v1.Column.$Properties;
        }

        /**
         * Properties of a Gap.
         * @deprecated Use roadwarden.v1.Gap.$Properties instead.
         */
        interface IGap extends roadwarden.v1.Gap.$Properties {
        }

        /** Represents a Gap. */
        class Gap {

            /**
             * Constructs a new Gap.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Gap.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Gap class. */
            class: string;

            /** Gap firstSeq. */
            firstSeq: number;

            /** Gap lastSeq. */
            lastSeq: number;

            /** Gap count. */
            count: number;

            /** Gap fromMs. */
            fromMs: number;

            /** Gap toMs. */
            toMs: number;

            /** Gap reason. */
            reason: string;

            /** Gap firstHash. */
            firstHash: Uint8Array;

            /** Gap lastHash. */
            lastHash: Uint8Array;

            /**
             * Encodes the specified Gap message. Does not implicitly {@link roadwarden.v1.Gap.verify|verify} messages.
             * @param message Gap message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Gap.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Gap & roadwarden.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Gap & roadwarden.v1.Gap.$Shape;
        }

        namespace Gap {

            /** Properties of a Gap. */
            interface $Properties {

                /** Gap class */
                "class"?: string;

                /** Gap firstSeq */
                firstSeq?: number;

                /** Gap lastSeq */
                lastSeq?: number;

                /** Gap count */
                count?: number;

                /** Gap fromMs */
                fromMs?: number;

                /** Gap toMs */
                toMs?: number;

                /** Gap reason */
                reason?: string;

                /** Gap firstHash */
                firstHash?: Uint8Array;

                /** Gap lastHash */
                lastHash?: Uint8Array;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Gap. */
            type $Shape = roadwarden.v1.Gap.$Properties;
        }

        /**
         * Properties of a DrivingInterval.
         * @deprecated Use roadwarden.v1.DrivingInterval.$Properties instead.
         */
        interface IDrivingInterval extends roadwarden.v1.DrivingInterval.$Properties {
        }

        /** Represents a DrivingInterval. */
        class DrivingInterval {

            /**
             * Constructs a new DrivingInterval.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.DrivingInterval.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DrivingInterval driver. */
            driver: string;

            /** DrivingInterval fromMs. */
            fromMs: number;

            /** DrivingInterval toMs. */
            toMs: number;

            /** DrivingInterval proven. */
            proven: boolean;

            /**
             * Encodes the specified DrivingInterval message. Does not implicitly {@link roadwarden.v1.DrivingInterval.verify|verify} messages.
             * @param message DrivingInterval message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.DrivingInterval.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DrivingInterval message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.DrivingInterval & roadwarden.v1.DrivingInterval.$Shape} DrivingInterval
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.DrivingInterval & roadwarden.v1.DrivingInterval.$Shape;
        }

        namespace DrivingInterval {

            /** Properties of a DrivingInterval. */
            interface $Properties {

                /** DrivingInterval driver */
                driver?: string;

                /** DrivingInterval fromMs */
                fromMs?: number;

                /** DrivingInterval toMs */
                toMs?: number;

                /** DrivingInterval proven */
                proven?: boolean;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DrivingInterval. */
            type $Shape = roadwarden.v1.DrivingInterval.$Properties;
        }

        /**
         * Properties of an Ack.
         * @deprecated Use roadwarden.v1.Ack.$Properties instead.
         */
        interface IAck extends roadwarden.v1.Ack.$Properties {
        }

        /** Represents an Ack. */
        class Ack {

            /**
             * Constructs a new Ack.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Ack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ack epoch. */
            epoch: number;

            /** Ack alarm. */
            alarm: roadwarden.v1.StreamAck;

            /** Ack telemetry. */
            telemetry: roadwarden.v1.StreamAck;

            /** Ack nacks. */
            nacks: roadwarden.v1.Nack[];

            /** Ack rate. */
            rate: number;

            /**
             * Encodes the specified Ack message. Does not implicitly {@link roadwarden.v1.Ack.verify|verify} messages.
             * @param message Ack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Ack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Ack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Ack & roadwarden.v1.Ack.$Shape} Ack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Ack & roadwarden.v1.Ack.$Shape;
        }

        namespace Ack {

            /** Properties of an Ack. */
            interface $Properties {

                /** Ack epoch */
                epoch?: number;

                /** Ack alarm */
                alarm?: roadwarden.v1.StreamAck.$Properties;

                /** Ack telemetry */
                telemetry?: roadwarden.v1.StreamAck.$Properties;

                /** Ack nacks */
                nacks?: roadwarden.v1.Nack.$Properties[];

                /** Ack rate */
                rate?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Ack. */
            type $Shape = roadwarden.v1.Ack.$Properties;
        }

        /**
         * Properties of a StreamAck.
         * @deprecated Use roadwarden.v1.StreamAck.$Properties instead.
         */
        interface IStreamAck extends roadwarden.v1.StreamAck.$Properties {
        }

        /** Represents a StreamAck. */
        class StreamAck {

            /**
             * Constructs a new StreamAck.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.StreamAck.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StreamAck upto. */
            upto: number;

            /** StreamAck ranges. */
            ranges: roadwarden.v1.Range[];

            /**
             * Encodes the specified StreamAck message. Does not implicitly {@link roadwarden.v1.StreamAck.verify|verify} messages.
             * @param message StreamAck message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.StreamAck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StreamAck message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.StreamAck & roadwarden.v1.StreamAck.$Shape} StreamAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.StreamAck & roadwarden.v1.StreamAck.$Shape;
        }

        namespace StreamAck {

            /** Properties of a StreamAck. */
            interface $Properties {

                /** StreamAck upto */
                upto?: number;

                /** StreamAck ranges */
                ranges?: roadwarden.v1.Range.$Properties[];

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StreamAck. */
            type $Shape = roadwarden.v1.StreamAck.$Properties;
        }

        /**
         * Properties of a Range.
         * @deprecated Use roadwarden.v1.Range.$Properties instead.
         */
        interface IRange extends roadwarden.v1.Range.$Properties {
        }

        /** Represents a Range. */
        class Range {

            /**
             * Constructs a new Range.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Range.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Range first. */
            first: number;

            /** Range last. */
            last: number;

            /**
             * Encodes the specified Range message. Does not implicitly {@link roadwarden.v1.Range.verify|verify} messages.
             * @param message Range message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Range.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Range message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Range & roadwarden.v1.Range.$Shape} Range
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Range & roadwarden.v1.Range.$Shape;
        }

        namespace Range {

            /** Properties of a Range. */
            interface $Properties {

                /** Range first */
                first?: number;

                /** Range last */
                last?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Range. */
            type $Shape = roadwarden.v1.Range.$Properties;
        }

        /**
         * Properties of a Nack.
         * @deprecated Use roadwarden.v1.Nack.$Properties instead.
         */
        interface INack extends roadwarden.v1.Nack.$Properties {
        }

        /** Represents a Nack. */
        class Nack {

            /**
             * Constructs a new Nack.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Nack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Nack stream. */
            stream: roadwarden.v1.Stream;

            /** Nack seq. */
            seq: number;

            /** Nack reason. */
            reason: string;

            /**
             * Encodes the specified Nack message. Does not implicitly {@link roadwarden.v1.Nack.verify|verify} messages.
             * @param message Nack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Nack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Nack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Nack & roadwarden.v1.Nack.$Shape} Nack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Nack & roadwarden.v1.Nack.$Shape;
        }

        namespace Nack {

            /** Properties of a Nack. */
            interface $Properties {

                /** Nack stream */
                stream?: roadwarden.v1.Stream;

                /** Nack seq */
                seq?: number;

                /** Nack reason */
                reason?: string;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Nack. */
            type $Shape = roadwarden.v1.Nack.$Properties;
        }

        /**
         * Properties of a DocumentPart.
         * @deprecated Use roadwarden.v1.DocumentPart.$Properties instead.
         */
        interface IDocumentPart extends roadwarden.v1.DocumentPart.$Properties {
        }

        /** Represents a DocumentPart. */
        class DocumentPart {

            /**
             * Constructs a new DocumentPart.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.DocumentPart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DocumentPart version. */
            version: number;

            /** DocumentPart digest. */
            digest: string;

            /** DocumentPart part. */
            part: number;

            /** DocumentPart parts. */
            parts: number;

            /** DocumentPart content. */
            content: Uint8Array;

            /** DocumentPart signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified DocumentPart message. Does not implicitly {@link roadwarden.v1.DocumentPart.verify|verify} messages.
             * @param message DocumentPart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.DocumentPart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DocumentPart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.DocumentPart & roadwarden.v1.DocumentPart.$Shape} DocumentPart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.DocumentPart & roadwarden.v1.DocumentPart.$Shape;
        }

        namespace DocumentPart {

            /** Properties of a DocumentPart. */
            interface $Properties {

                /** DocumentPart version */
                version?: number;

                /** DocumentPart digest */
                digest?: string;

                /** DocumentPart part */
                part?: number;

                /** DocumentPart parts */
                parts?: number;

                /** DocumentPart content */
                content?: Uint8Array;

                /** DocumentPart signature */
                signature?: Uint8Array;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DocumentPart. */
            type $Shape = roadwarden.v1.DocumentPart.$Properties;
        }

        /**
         * Properties of a Spoken.
         * @deprecated Use roadwarden.v1.Spoken.$Properties instead.
         */
        interface ISpoken extends roadwarden.v1.Spoken.$Properties {
        }

        /** Represents a Spoken. */
        class Spoken {

            /**
             * Constructs a new Spoken.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Spoken.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Spoken version. */
            version: number;

            /** Spoken digest. */
            digest: string;

            /** Spoken atMs. */
            atMs: number;

            /** Spoken outcome. */
            outcome: roadwarden.v1.SpokenOutcome;

            /**
             * Encodes the specified Spoken message. Does not implicitly {@link roadwarden.v1.Spoken.verify|verify} messages.
             * @param message Spoken message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Spoken.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Spoken message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Spoken & roadwarden.v1.Spoken.$Shape} Spoken
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Spoken & roadwarden.v1.Spoken.$Shape;
        }

        namespace Spoken {

            /** Properties of a Spoken. */
            interface $Properties {

                /** Spoken version */
                version?: number;

                /** Spoken digest */
                digest?: string;

                /** Spoken atMs */
                atMs?: number;

                /** Spoken outcome */
                outcome?: roadwarden.v1.SpokenOutcome;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Spoken. */
            type $Shape = roadwarden.v1.Spoken.$Properties;
        }

        /** SpokenOutcome enum. */
        enum SpokenOutcome {

            /** SPOKEN_OUTCOME_UNSPECIFIED value */
            SPOKEN_OUTCOME_UNSPECIFIED = 0,

            /** SAID value */
            SAID = 1,

            /** AGAIN value */
            AGAIN = 2,

            /** FAILED value */
            FAILED = 3,

            /** RECEIVED value */
            RECEIVED = 4
        }

        /**
         * Properties of an InForce.
         * @deprecated Use roadwarden.v1.InForce.$Properties instead.
         */
        interface IInForce extends roadwarden.v1.InForce.$Properties {
        }

        /** Represents an InForce. */
        class InForce {

            /**
             * Constructs a new InForce.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.InForce.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InForce documents. */
            documents: roadwarden.v1.DocumentInForce[];

            /** InForce atMs. */
            atMs: number;

            /**
             * Encodes the specified InForce message. Does not implicitly {@link roadwarden.v1.InForce.verify|verify} messages.
             * @param message InForce message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.InForce.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InForce message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.InForce & roadwarden.v1.InForce.$Shape} InForce
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.InForce & roadwarden.v1.InForce.$Shape;
        }

        namespace InForce {

            /** Properties of an InForce. */
            interface $Properties {

                /** InForce documents */
                documents?: roadwarden.v1.DocumentInForce.$Properties[];

                /** InForce atMs */
                atMs?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InForce. */
            type $Shape = roadwarden.v1.InForce.$Properties;
        }

        /**
         * Properties of a DocumentInForce.
         * @deprecated Use roadwarden.v1.DocumentInForce.$Properties instead.
         */
        interface IDocumentInForce extends roadwarden.v1.DocumentInForce.$Properties {
        }

        /** Represents a DocumentInForce. */
        class DocumentInForce {

            /**
             * Constructs a new DocumentInForce.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.DocumentInForce.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DocumentInForce name. */
            name: string;

            /** DocumentInForce version. */
            version: number;

            /** DocumentInForce digest. */
            digest: string;

            /** DocumentInForce sinceMs. */
            sinceMs: number;

            /** DocumentInForce refused. */
            refused: roadwarden.v1.Refusal;

            /**
             * Encodes the specified DocumentInForce message. Does not implicitly {@link roadwarden.v1.DocumentInForce.verify|verify} messages.
             * @param message DocumentInForce message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.DocumentInForce.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DocumentInForce message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.DocumentInForce & roadwarden.v1.DocumentInForce.$Shape} DocumentInForce
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.DocumentInForce & roadwarden.v1.DocumentInForce.$Shape;
        }

        namespace DocumentInForce {

            /** Properties of a DocumentInForce. */
            interface $Properties {

                /** DocumentInForce name */
                name?: string;

                /** DocumentInForce version */
                version?: number;

                /** DocumentInForce digest */
                digest?: string;

                /** DocumentInForce sinceMs */
                sinceMs?: number;

                /** DocumentInForce refused */
                refused?: roadwarden.v1.Refusal.$Properties;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DocumentInForce. */
            type $Shape = roadwarden.v1.DocumentInForce.$Properties;
        }

        /**
         * Properties of a Refusal.
         * @deprecated Use roadwarden.v1.Refusal.$Properties instead.
         */
        interface IRefusal extends roadwarden.v1.Refusal.$Properties {
        }

        /** Represents a Refusal. */
        class Refusal {

            /**
             * Constructs a new Refusal.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Refusal.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Refusal version. */
            version: number;

            /** Refusal digest. */
            digest: string;

            /** Refusal reason. */
            reason: string;

            /** Refusal atMs. */
            atMs: number;

            /**
             * Encodes the specified Refusal message. Does not implicitly {@link roadwarden.v1.Refusal.verify|verify} messages.
             * @param message Refusal message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Refusal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Refusal message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Refusal & roadwarden.v1.Refusal.$Shape} Refusal
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Refusal & roadwarden.v1.Refusal.$Shape;
        }

        namespace Refusal {

            /** Properties of a Refusal. */
            interface $Properties {

                /** Refusal version */
                version?: number;

                /** Refusal digest */
                digest?: string;

                /** Refusal reason */
                reason?: string;

                /** Refusal atMs */
                atMs?: number;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Refusal. */
            type $Shape = roadwarden.v1.Refusal.$Properties;
        }

        /**
         * Properties of an Alert.
         * @deprecated Use roadwarden.v1.Alert.$Properties instead.
         */
        interface IAlert extends roadwarden.v1.Alert.$Properties {
        }

        /** Represents an Alert. */
        class Alert {

            /**
             * Constructs a new Alert.
             * @param [properties] Properties to set
             */
            constructor(properties?: roadwarden.v1.Alert.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Alert id. */
            id: string;

            /** Alert revision. */
            revision: number;

            /** Alert cursor. */
            cursor: number;

            /** Alert kind. */
            kind: string;

            /** Alert reason. */
            reason: string;

            /** Alert phase. */
            phase: roadwarden.v1.Phase;

            /** Alert subject. */
            subject: string;

            /** Alert severity. */
            severity: roadwarden.v1.Severity;

            /** Alert grade. */
            grade: roadwarden.v1.Grade;

            /** Alert fleet. */
            fleet: string;

            /** Alert vehicle. */
            vehicle: string;

            /** Alert plate. */
            plate: string;

            /** Alert driver. */
            driver: string;

            /** Alert trip. */
            trip: string;

            /** Alert atMs. */
            atMs: number;

            /** Alert decidedAtMs. */
            decidedAtMs: number;

            /** Alert receivedAtMs. */
            receivedAtMs: number;

            /** Alert late. */
            late: boolean;

            /** Alert supersedes. */
            supersedes: string;

            /** Alert place. */
            place: roadwarden.v1.Place;

            /** Alert ruleId. */
            ruleId: string;

            /** Alert ruleVersion. */
            ruleVersion: number;

            /** Alert policyDigest. */
            policyDigest: string;

            /** Alert article. */
            article: string;

            /** Alert evidenceJson. */
            evidenceJson: string;

            /** Alert explainZh. */
            explainZh: string;

            /** Alert explainEn. */
            explainEn: string;

            /** Alert movedTo. */
            movedTo: roadwarden.v1.Severity;

            /** Alert withdrawn. */
            withdrawn: boolean;

            /**
             * Encodes the specified Alert message. Does not implicitly {@link roadwarden.v1.Alert.verify|verify} messages.
             * @param message Alert message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: roadwarden.v1.Alert.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Alert message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {roadwarden.v1.Alert & roadwarden.v1.Alert.$Shape} Alert
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): roadwarden.v1.Alert & roadwarden.v1.Alert.$Shape;
        }

        namespace Alert {

            /** Properties of an Alert. */
            interface $Properties {

                /** Alert id */
                id?: string;

                /** Alert revision */
                revision?: number;

                /** Alert cursor */
                cursor?: number;

                /** Alert kind */
                kind?: string;

                /** Alert reason */
                reason?: string;

                /** Alert phase */
                phase?: roadwarden.v1.Phase;

                /** Alert subject */
                subject?: string;

                /** Alert severity */
                severity?: roadwarden.v1.Severity;

                /** Alert grade */
                grade?: roadwarden.v1.Grade;

                /** Alert fleet */
                fleet?: string;

                /** Alert vehicle */
                vehicle?: string;

                /** Alert plate */
                plate?: string;

                /** Alert driver */
                driver?: string;

                /** Alert trip */
                trip?: string;

                /** Alert atMs */
                atMs?: number;

                /** Alert decidedAtMs */
                decidedAtMs?: number;

                /** Alert receivedAtMs */
                receivedAtMs?: number;

                /** Alert late */
                late?: boolean;

                /** Alert supersedes */
                supersedes?: string;

                /** Alert place */
                place?: roadwarden.v1.Place.$Properties;

                /** Alert ruleId */
                ruleId?: string;

                /** Alert ruleVersion */
                ruleVersion?: number;

                /** Alert policyDigest */
                policyDigest?: string;

                /** Alert article */
                article?: string;

                /** Alert evidenceJson */
                evidenceJson?: string;

                /** Alert explainZh */
                explainZh?: string;

                /** Alert explainEn */
                explainEn?: string;

                /** Alert movedTo */
                movedTo?: roadwarden.v1.Severity;

                /** Alert withdrawn */
                withdrawn?: boolean;

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Alert. */
            type $Shape = roadwarden.v1.Alert.$Properties;
        }
    }
}
